# What cannot be is refused with the reason, and leaves nothing behind.
# shellcheck shell=bash disable=SC2154

# repository NAME FLAKE: offer a repository with FLAKE as its flake.nix, or without one; $url is its reference.
repository() {
  mkdir -p "$work/repository-$1"
  if [[ -n ${2-} ]]; then echo "$2" >"$work/repository-$1/flake.nix"; else echo nothing >"$work/repository-$1/README"; fi
  "$here/testbed" publish "$1-$$" "$work/repository-$1"
  url="git+$CODCHI_TESTBED_MIRROR/$1-$$.git?ref=main"
}

# Nothing is left of machine $name.
nothing_left() {
  absent "/1.0/instances/$(container_of "$name")"
  local place
  for place in "$CODCHI_CONFIG_DIR/machine" "$CODCHI_DATA_DIR/machine" "$CODCHI_DATA_DIR/nix/var/nix/profiles/per-machine" "$CODCHI_DATA_DIR/up"; do
    fails test -e "$place/$name"
  done
  fails test -e "$CODCHI_DATA_DIR/journal/$name.json"
}

scenario_names_that_are_refused() {
  local bad
  for bad in "" . .. a/b ../a 'a b' ä 名 a--b a- 7a store codchistore CODCHISTORE nul "$(printf 'a%.0s' {1..41})" $'a\nb' 'a;reboot'; do
    expect 2 codchi init "$bad"
    says CODCHI-MCH-001
    fails test -e "$CODCHI_CONFIG_DIR/machine/$bad/machine.json"
  done
  expect 2 codchi init -x
  new_name twin
  expect 0 codchi init "$name" --no-build
  expect 4 codchi init "${name^^}" --no-build
  says "$name"
}

scenario_references_that_are_refused() {
  new_name refused
  expect 6 codchi init "$name" "git+$CODCHI_TESTBED_MIRROR/there-is-none.git?ref=main"
  says CODCHI-NIX-001
  nothing_left
  # A web page, and no repository.
  expect 6 codchi init "$name" "git+$CODCHI_TESTBED_MIRROR/cache/nix-cache-info?ref=main"
  says CODCHI-NIX-001
  nothing_left
  repository without-flake
  expect 6 codchi init "$name" "$url"
  says CODCHI-NIX-003
  nothing_left
  repository broken-flake '{ outputs = { self }: { nixosModules.default = { ; }; }'
  expect 6 codchi init "$name" "$url"
  says CODCHI-NIX-005
  says "syntax error"
  nothing_left
  repository no-modules '{ outputs = { self }: { packages = { }; }; }'
  expect 6 codchi init "$name" "$url"
  says CODCHI-NIX-004
  nothing_left
  module other "$(greeting here)"
  expect 6 codchi init "$name" "$url" nixosModules.missing
  says CODCHI-NIX-004
  says nixosModules.default
  nothing_left
  module fails-to-build '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.runCommand "never" { } "echo these are its last words; exit 9") ]; }'
  expect 6 codchi init "$name" "$url"
  says CODCHI-NIX-006
  says "these are its last words"
  nothing_left
  expect 2 codchi init "$name" "path:$work/there-is-none"
  nothing_left
}

scenario_store_of_another_data_directory_is_refused() {
  new_name foreign
  expect 0 codchi store shell true
  local -a other=(env "CODCHI_DATA_DIR=$work/data" "CODCHI_CONFIG_DIR=$work/config")
  expect 4 "${other[@]}" "$CODCHI" init "$name"
  says CODCHI-DRV-002
  says "$CODCHI_DATA_DIR"
  same "$("$CODCHI" store status | sed -n 's/^state: *//p')" running "the store's state"
}

# interrupt_after SECONDS COMMAND...: Ctrl-C at a terminal goes to the whole process group; sets $status.
interrupt_after() {
  local seconds=$1 pid
  shift
  # A shell without job control lets its background processes ignore the signal.
  setsid env --default-signal=INT "$@" >interrupted.out 2>&1 </dev/null &
  pid=$!
  timeout "$seconds" tail --pid="$pid" -f /dev/null || kill -INT -- "-$pid" || true
  status=0
  wait "$pid" || status=$?
}

scenario_interrupted_init_leaves_nothing() {
  new_name ctrlc
  module ctrlc "$(greeting back)"
  local moment status interrupted=0
  for moment in 0.1 0.2 0.25 0.3 0.35 0.4 0.5 0.6 0.8 1.3 2 3; do
    echo "after $moment s:"
    interrupt_after "$moment" "$CODCHI" --no-input init "$name" "$url"
    if ((status == 130)); then
      interrupted=$((interrupted + 1))
      cat interrupted.out
      nothing_left
    else
      same "$status" 0 "exit status of an init that was not interrupted"
      expect 0 codchi --yes delete "$name"
    fi
  done
  ((interrupted)) || unexpected "no init was interrupted"
  expect 0 codchi init "$name" "$url"
  expect 0 codchi exec "$name" greet
  prints back
}

scenario_interrupted_rebuild_changes_nothing() {
  new_name ctrlre
  module ctrlre "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  local moment status before old
  for moment in 0.1 0.5 1 1.6; do
    before=$(cat "$CODCHI_CONFIG_DIR/machine/$name/flake.lock")
    expect 0 codchi exec "$name" greet
    old=$stdout
    module ctrlre "$(greeting "at-$moment")"
    interrupt_after "$moment" "$CODCHI" --no-input rebuild "$name"
    ((status == 130 || status == 0)) || unexpected "exit status $status of a rebuild: $(cat interrupted.out)"
    fails test -e "$CODCHI_DATA_DIR/journal/$name.json"
    expect 0 codchi exec "$name" greet
    # Lock and system go together: both are the old ones, or both are new.
    if ((status == 0)) || [[ $(cat "$CODCHI_CONFIG_DIR/machine/$name/flake.lock") != "$before" ]]; then
      prints "at-$moment"
    else
      prints "$old"
    fi
  done
}
