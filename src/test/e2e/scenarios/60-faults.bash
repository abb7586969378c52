# Killed at any point: the next run finishes or undoes, and leaves no orphans.
# shellcheck shell=bash disable=SC2154

# kill_after SECONDS COMMAND...: run it in a process group of its own and kill all of that after SECONDS.
kill_after() {
  local seconds=$1 pid
  shift
  setsid "$@" >killed.out 2>&1 </dev/null &
  pid=$!
  if timeout "$seconds" tail --pid="$pid" -f /dev/null; then return 1; fi
  # It may have ended by itself just now.
  kill -KILL -- "-$pid" 2>/dev/null || {
    wait "$pid" || true
    return 1
  }
  wait "$pid" || true
}

scenario_killed_init_is_undone() {
  new_name killed
  module killed "$(greeting back)"
  local moment
  for moment in 0.5 1 1.5 2 3 4; do
    if kill_after "$moment" "$CODCHI" --no-input init "$name" "$url"; then
      expect 0 codchi status --json
      # Killed after its last step, the machine is there and whole.
      [[ $stdout == *"\"$name\""* ]] || expect 0 codchi init "$name" "$url"
      expect 0 codchi exec "$name" greet
      prints back
    fi
    expect 0 codchi --yes delete "$name"
    fails rest "/1.0/instances/$(container_of "$name")"
    fails test -e "$CODCHI_CONFIG_DIR/machine/$name"
    fails test -e "$CODCHI_DATA_DIR/machine/$name"
  done
}

scenario_killed_rebuild_leaves_a_working_machine() {
  new_name killre
  module killre "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  local moment
  for moment in 0.3 0.7 1.2 2 3; do
    module killre "$(greeting "at-$moment")"
    kill_after "$moment" "$CODCHI" --no-input rebuild "$name" || true
    expect 0 codchi exec "$name" greet
    [[ $stdout == one || $stdout == at-* ]] || unexpected "greeting is neither old nor new"
    expect 0 codchi rebuild "$name"
    expect 0 codchi exec "$name" greet
    prints "at-$moment"
  done
}

scenario_two_at_once() {
  new_name twice
  module twice "$(greeting once)"
  local first=0 second=0 pid
  command "$CODCHI" --no-input init "$name" "$url" >first.log 2>&1 </dev/null &
  pid=$!
  codchi init "$name" "$url" >second.log 2>&1 || second=$?
  wait "$pid" || first=$?
  # one makes it, the other is told that it is there
  same "$((first + second))" 4 "sum of the two exit codes ($first, $second)"
  expect 0 codchi exec "$name" greet
  prints once
}
