# What a program in a machine gets and gives.
# shellcheck shell=bash disable=SC2154

scenario_exec_is_transparent() {
  new_name exec
  expect 0 codchi init "$name"

  expect 0 codchi exec "$name" -- printf '<%s>' 'a b' 'c"d' "e'f" '$HOME' '*' '' 'ü' $'two\nlines' '--help' @/etc/passwd @@x
  prints $'<a b><c"d><e\'f><$HOME><*><><ü><two\nlines><--help><@/etc/passwd><@@x>'

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

# Whatever the locale is, and was where codchi was built, names of files and arguments are what they are.
scenario_names_are_kept_in_a_locale_without_them() {
  new_name locale
  expect 0 codchi init "$name"
  mkdir "$CODCHI_DATA_DIR/machine/$name/Bücher"
  local -x LC_ALL
  for LC_ALL in C POSIX de_DE.ISO-8859-1 not.there; do
    expect 0 codchi exec "$name" -- printf '<%s>' 'ü' '日本' "Bücher"
    prints '<ü><日本><Bücher>'
    expect 0 codchi exec "$name" -- test -d Bücher
    expect 0 codchi open --print "$name" Bücher
    prints "$CODCHI_DATA_DIR/machine/$name/Bücher"
    expect 0 env "CODCHI_CONFIG_DIR=$work/jürgen/config" "CODCHI_DATA_DIR=$work/jürgen/data" "HOME=$work/jürgen" "$CODCHI" config path
    prints "$work/jürgen/config/config.toml"
    expect 0 env "CODCHI_CONFIG_DIR=$work/jürgen/config" "CODCHI_DATA_DIR=$work/jürgen/data" "CODCHI_INSTANCE_PREFIX=${CODCHI_INSTANCE_PREFIX}jj" "$CODCHI" --json status
    expect 3 env "CODCHI_CONFIG_DIR=$work/jürgen/config" "CODCHI_DATA_DIR=$work/jürgen/data" "CODCHI_INSTANCE_PREFIX=${CODCHI_INSTANCE_PREFIX}jj" "$CODCHI" module list "$name"
  done
}

# While a machine is started for a program at a terminal, that terminal is still the person's: Ctrl-C ends codchi.
scenario_exec_at_a_terminal_is_ended_by_ctrl_c_while_the_machine_starts() {
  new_name ctrl-c
  expect 0 codchi init "$name"
  expect 0 codchi stop "$name"
  # The shell outlives the Ctrl-C, to look at the terminal afterwards.
  # shellcheck disable=SC2016 # expanded by that shell
  local script='trap : INT; stty -g >before; "$0" exec "$1" touch ran; echo $? >status; stty -g >after'
  expect 0 timeout 120 "$here/on-terminal" "Starting $name" $'\x03' -- sh -c "$script" "$CODCHI" "$name"
  same "$(<status)" 130 "exit status"
  same "$(<after)" "$(<before)" "the terminal"
  fails test -e "$CODCHI_DATA_DIR/machine/$name/ran"
  # The next one waits for what was begun. Its program has the terminal, and what was typed ahead.
  expect 0 codchi stop "$name"
  script='trap : INT; stty -g >before; "$0" exec "$1" sh -c "read -r line; echo \$line >typed; echo ready; sleep 60"; echo $? >status; stty -g >after'
  expect 0 timeout 120 "$here/on-terminal" "Starting $name" "typed ahead" ready $'\x03' -- sh -c "$script" "$CODCHI" "$name"
  same "$(<status)" 130 "exit status of a program that took the Ctrl-C"
  same "$(<after)" "$(<before)" "the terminal after it"
  same "$(<"$CODCHI_DATA_DIR/machine/$name/typed")" "typed ahead" "what was typed before the machine ran"
}

scenario_questions_are_left_by_ctrl_c() {
  new_name asked
  expect 0 codchi init "$name" --no-build
  # shellcheck disable=SC2016 # expanded by that shell
  local script='trap : INT; "$@"; echo $? >status'
  expect 0 timeout 60 "$here/on-terminal" "[y/N]" $'\x03' -- sh -c "$script" sh "$CODCHI" delete "$name"
  same "$(<status)" 130 "exit status"
  test -e "$CODCHI_CONFIG_DIR/machine/$name/machine.json"
}
