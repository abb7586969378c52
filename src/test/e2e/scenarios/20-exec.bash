# What a program in a machine gets and gives.
# shellcheck shell=bash disable=SC2154

scenario_exec_is_transparent() {
  new_name exec
  expect 0 codchi init "$name"

  expect 0 codchi exec "$name" -- printf '<%s>' 'a b' 'c"d' "e'f" '$HOME' '*' '' 'ü' $'two\nlines' '--help'
  prints $'<a b><c"d><e\'f><$HOME><*><><ü><two\nlines><--help>'

  local code
  for code in 0 1 5 42 255; do expect "$code" codchi exec "$name" sh -c "exit $code"; done
  expect 127 codchi exec "$name" there-is-no-such-program
  expect 126 codchi exec "$name" /etc/passwd

  expect 0 codchi exec "$name" sh -c 'echo to-out; echo to-err >&2'
  prints to-out
  same "$stderr" to-err "standard error"

  # standard input reaches the program, whole, and its end does, too
  head -c 3000000 /dev/urandom >data
  same "$(command "$CODCHI" exec "$name" sha256sum <data)" "$(sha256sum <data)" "checksum of what was piped in"
  command "$CODCHI" exec "$name" cat <data >back
  holds cmp data back

  expect 0 codchi exec "$name" sh -c 'echo $USER:$HOME:$(id -u):$(id -g):$(pwd)'
  prints codchi:/home/codchi:1000:100:/home/codchi
}

scenario_exec_many_at_once() {
  new_name many
  expect 0 codchi init "$name"
  local i pids=()
  for i in {1..8}; do
    command "$CODCHI" exec "$name" sh -c "echo $i" </dev/null >"many.$i" 2>&1 &
    pids+=($!)
  done
  for i in {1..8}; do wait "${pids[i - 1]}" || unexpected "exec number $i failed: $(<"many.$i")"; done
  for i in {1..8}; do same "$(<"many.$i")" "$i" "output $i"; done
}

scenario_files_belong_to_the_user_on_both_sides() {
  new_name files
  expect 0 codchi init "$name"
  expect 0 codchi exec "$name" sh -c 'echo inside >made-inside'
  same "$(stat -c %u:%g "$CODCHI_DATA_DIR/machine/$name/made-inside")" "$(id -u):$(id -g)" "owner on the host"
  echo outside >"$CODCHI_DATA_DIR/machine/$name/made-outside"
  expect 0 codchi exec "$name" stat -c %U:%G made-outside
  prints codchi:users
  record files
  expect 0 stat -c "%n: $(id -un) is %U" "$CODCHI_DATA_DIR/machine/$name/made-inside"
  record files 'stat ~/.local/share/codchi/machine/web/made-inside'
}

# Its container runs, its system is not there yet: as after a reboot of the host, or when who started it was killed.
scenario_exec_waits_for_a_machine_that_boots() {
  new_name booting
  module booting "$(greeting awake)"
  expect 0 codchi init "$name" "$url"
  local round
  for round in 1 2 3; do
    expect 0 codchi stop "$name"
    curl -fsS --unix-socket "$CODCHI_LXD_SOCKET" -X PUT -d '{"action": "start"}' \
      "http://daemon/1.0/instances/$(container_of "$name")/state" >/dev/null
    expect 0 codchi exec "$name" greet
    prints awake
  done
  expect 0 codchi stop "$name"
  command "$CODCHI" --no-input start "$name" >/dev/null 2>&1 &
  expect 0 codchi exec "$name" greet
  prints awake
  wait $!
  # A note of an earlier boot of the host says nothing of this one.
  echo earlier >"$CODCHI_DATA_DIR/up/$name"
  expect 0 codchi exec "$name" greet
  prints awake
  same "$(cat "$CODCHI_DATA_DIR/up/$name")" "$(cat /proc/sys/kernel/random/boot_id)" "boot noted"
  expect 0 codchi --yes delete "$name"
  fails test -e "$CODCHI_DATA_DIR/up/$name"
}
