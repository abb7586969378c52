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
    absent "/1.0/instances/$(container_of "$name")"
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

scenario_a_removed_store_is_made_again() {
  new_name storeless
  module storeless "$(greeting before)"
  expect 0 codchi init "$name" "$url"
  LXD_DIR=${CODCHI_LXD_SOCKET%/unix.socket} lxc delete --force "${CODCHI_INSTANCE_PREFIX}store"
  expect 0 codchi --json status
  same "$(jq -r .store out)" absent "the store"
  # A machine that runs keeps what it has, and finds the new store's daemon where the old one was.
  expect 0 codchi exec "$name" greet
  prints before
  module storeless "$(greeting after)"
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints after
  expect 0 codchi exec "$name" sh -c 'echo added >file && nix-store --add file'
}

scenario_what_cannot_be_ended_keeps_nobody_from_other_machines() {
  new_name stuck
  local old=$name
  new_name stuck-new
  local new=$name
  new_name beside
  expect 0 codchi init "$old" --no-build
  mkdir -p "$CODCHI_DATA_DIR/machine/$old" "$CODCHI_DATA_DIR/machine/$new" "$CODCHI_DATA_DIR/journal"
  # As a rename leaves it that was killed, and whose way somebody has barred since.
  echo kept >"$CODCHI_DATA_DIR/machine/$old/file"
  touch "$CODCHI_DATA_DIR/machine/$new/in-the-way"
  echo "{\"version\":1,\"machine\":\"$old\",\"phase\":\"moving\",\"system\":\"\",\"other\":\"$new\"}" >"$CODCHI_DATA_DIR/journal/$old.json"
  expect 0 codchi status
  says "what was begun with $old is not ended yet"
  expect 0 codchi init "$name" --no-build
  expect 0 codchi gc --dry-run
  # The machine itself, under either name, has to wait, and nothing of it is touched.
  expect 5 codchi rebuild "$old"
  expect 5 codchi init "$new" --no-build
  expect 5 codchi --yes delete "$old"
  same "$(<"$CODCHI_DATA_DIR/machine/$old/file")" kept "the file"
  rm "$CODCHI_DATA_DIR/machine/$new/in-the-way"
  expect 0 codchi status
  fails test -e "$CODCHI_DATA_DIR/journal/$old.json"
  same "$(<"$CODCHI_DATA_DIR/machine/$new/file")" kept "the file"
  expect 3 codchi rebuild "$old"
}

# store_daemon: the pid of the nix daemon in the store, which answers.
store_daemon() {
  expect 0 codchi store shell -- sh -c 'nix --extra-experimental-features nix-command store info 2>&1 && cat /run/nix-daemon.pid'
  store_daemon=${stdout##*$'\n'}
}

scenario_an_interrupted_start_of_the_store_is_finished() {
  local moment store=${CODCHI_INSTANCE_PREFIX}store
  store_daemon
  for moment in 0.1 0.3 0.5 0.8 1.2; do
    LXD_DIR=${CODCHI_LXD_SOCKET%/unix.socket} lxc stop --force "$store"
    kill_after "$moment" "$CODCHI" --no-input store shell -- true || true
    # Two at once: neither may run nix before the daemon answers.
    background "$CODCHI" --no-input store shell -- nix --extra-experimental-features nix-command store info
    store_daemon
    wait "${background[-1]}" || unexpected "the other one's nix did not answer: $(<background.log)"
  done
  # All is done now, and nothing starts anew.
  local before=$store_daemon
  store_daemon
  same "$store_daemon" "$before" "the daemon"
}

scenario_other_settings_reach_the_store_although_codchi_was_killed() {
  local moment before cache
  for moment in 0.05 0.1 0.2 0.4; do
    store_daemon
    before=$store_daemon
    cache="http://other-cache-$$-$moment.test"
    kill_after "$moment" "$CODCHI" --no-input --set "store.substituters=$CODCHI_STORE_SUBSTITUTERS $cache" store shell -- true || true
    expect 0 codchi --set "store.substituters=$CODCHI_STORE_SUBSTITUTERS $cache" store shell -- cat /etc/nix/nix.conf /run/nix-daemon.pid
    [[ $stdout == *" $cache"$'\n'* ]] || unexpected "the cache is not there"
    [[ ${stdout##*$'\n'} != "$before" ]] || unexpected "the daemon is still that of before"
  done
}
