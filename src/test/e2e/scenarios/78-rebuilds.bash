# Rebuilds of several machines, at once, and interrupted; and what nobody can go back to.
# shellcheck shell=bash disable=SC2154

# state_of MACHINE: definition, lock, generations and present system.
state_of() {
  sha256sum "$CODCHI_CONFIG_DIR/machine/$1/"{machine.json,flake.nix,flake.lock,installed.json}
  (cd "$(dirname "$(profile_of "$1")")" && for link in system*; do printf '%s %s\n' "$link" "$(readlink "$link")"; done)
}

# running_system MACHINE
running_system() { codchi exec "$1" readlink /run/current-system; }

scenario_rebuild_of_all_machines() {
  local first second third
  module all-a "$(greeting one)"
  new_name all-a && first=$name
  expect 0 codchi init "$first" "$url" --new-name a
  new_name all-b && second=$name
  expect 0 codchi init "$second" "$url" --new-name a
  expect 0 codchi stop "$second"
  new_name all-c && third=$name
  expect 0 codchi init "$third"
  module all-a "$(greeting two)"
  expect 0 codchi rebuild --all --json
  outcome() { jq -r --arg name "$1" '.machines[] | select(.machine == $name) | .outcome' <<<"$stdout"; }
  same "$(outcome "$first") $(outcome "$second") $(outcome "$third")" "switched installed up_to_date" "outcomes"
  for name in "$first" "$second"; do
    expect 0 codchi exec "$name" greet
    prints two
  done

  # One that fails does not keep the others back.
  module all-a '{ ... }: throw "no luck today"'
  expect 0 codchi module delete "$second" a --no-build
  expect 6 codchi rebuild --all --json
  same "$(outcome "$first") $(outcome "$second") $(outcome "$third")" "failed switched up_to_date" "outcomes"
  same "$(jq -r --arg name "$first" '.machines[] | select(.machine == $name) | .code' <<<"$stdout")" CODCHI-NIX-005 "code"
}

scenario_rollback_to_a_collected_generation() {
  new_name collected
  module collected "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  module collected "$(greeting two)"
  expect 0 codchi rebuild "$name"
  expect 0 codchi gc --delete-old "$name"
  local before running
  before=$(state_of "$name") running=$(running_system "$name")
  expect 3 codchi rollback "$name" 1
  says "there are 2"
  says "code: CODCHI-"
  expect 3 codchi rollback "$name"
  same "$(state_of "$name")" "$before" "machine after it"
  same "$(running_system "$name")" "$running" "running system"
  # Also where somebody has removed the system, and not the generation.
  module collected "$(greeting three)"
  expect 0 codchi rebuild "$name"
  ln -sfT "/nix/store/00000000000000000000000000000000-gone" "$(dirname "$(profile_of "$name")")/system-2-link"
  before=$(state_of "$name")
  expect 3 codchi rollback "$name" 2
  same "$(state_of "$name")" "$before" "machine after that"
  expect 0 codchi exec "$name" greet
  prints three
}

scenario_module_that_nixpkgs_follows() {
  new_name follows
  mkdir -p "$work/pinned"
  printf '{ inputs.nixpkgs.url = "%s"; outputs = { self, nixpkgs }: { nixosModules.default = %s; }; }\n' \
    "$CODCHI_NIXPKGS" "$(greeting one)" >"$work/pinned/flake.nix"
  "$here/testbed" publish "pinned-$$" "$work/pinned"
  expect 0 codchi init "$name" "git+$CODCHI_TESTBED_MIRROR/pinned-$$.git?ref=main" --new-name pinned --use-nixpkgs remote
  module beside "$(command_module wave waved)"
  expect 0 codchi module add "$name" "$url" --new-name beside
  local before running
  before=$(state_of "$name") running=$(running_system "$name")
  expect 4 codchi module delete "$name" pinned
  says "nixpkgs follows it"
  says "--use-nixpkgs local"
  same "$(state_of "$name")" "$before" "machine after it"
  same "$(running_system "$name")" "$running" "running system"
  expect 0 codchi exec "$name" greet
  prints one
}

scenario_failed_and_killed_rebuilds_touch_nothing() {
  new_name untouched
  module untouched "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  local before running moment broken
  before=$(state_of "$name") running=$(running_system "$name")
  for broken in '{ ... }: throw "no luck today"' \
    '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.runCommand "fails" { } "exit 3") ]; }'; do
    module untouched "$broken"
    expect 6 codchi rebuild "$name"
    same "$(state_of "$name")" "$before" "machine after a failure"
    same "$(running_system "$name")" "$running" "running system after a failure"
  done
  # It builds for ever, so whenever it is killed, it is before the end.
  module untouched '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.runCommand "endless" { } "while :; do :; done") ]; }'
  for moment in 0.5 1.5 4; do
    kill_after "$moment" "$CODCHI" --no-input rebuild "$name" || unexpected "it ended by itself: $(<killed.out)"
    expect 0 codchi status
    same "$(state_of "$name")" "$before" "machine killed after $moment s"
    same "$(running_system "$name")" "$running" "running system killed after $moment s"
    fails test -e "$CODCHI_CONFIG_DIR/machine/$name/next"
  done
  # Asked to end, it does so itself. Not by SIGINT or SIGQUIT, which programs in the background of a script ignore.
  local signal rebuild status
  for signal in TERM HUP; do
    : >interrupted.out
    # Whoever starts the tests may ignore the signal (nohup), and codchi would with them.
    env "--default-signal=$signal" "$CODCHI" --no-input rebuild "$name" >interrupted.out 2>&1 </dev/null &
    rebuild=$! status=0
    soon grep -q Building interrupted.out
    kill "-$signal" "$rebuild"
    wait "$rebuild" || status=$?
    same "$status" 130 "exit status of a rebuild after SIG$signal"
    same "$(state_of "$name")" "$before" "machine after SIG$signal"
    same "$(running_system "$name")" "$running" "running system after SIG$signal"
  done
  module untouched "$(greeting two)"
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints two
}

scenario_clone_takes_submodules_and_a_part_of_the_history() {
  new_name submodules
  local home=$CODCHI_DATA_DIR/machine/$name git=$CODCHI_TESTBED_GIT address
  commit_in() { git -C "$1" -c user.name=e2e -c user.email=e2e@localhost -c protocol.file.allow=always commit --quiet --all --message "$2"; }
  module part "$(greeting part)"
  module part "$(greeting later)"
  module whole "$(greeting one)"
  # A repository with a submodule, some commits and a second branch.
  git clone --quiet "$git/whole-$$.git" "$work/whole"
  git -C "$work/whole" -c protocol.file.allow=always submodule --quiet add "../part-$$.git" part
  commit_in "$work/whole" "with a submodule"
  git -C "$work/whole" branch other
  git -C "$work/whole" push --quiet origin main other
  git -C "$git/whole-$$.git" update-server-info
  address="git+$CODCHI_TESTBED_MIRROR/whole-$$.git?ref=main"

  expect 0 codchi clone "$name" "$address" --dir all --recurse-submodules --no-build
  holds test -e "$home/all/part/flake.nix"
  holds git -C "$home/all" rev-parse --verify --quiet origin/other
  expect 0 codchi --yes delete "$name"
  expect 0 codchi clone "$name" "$address" --dir one --single-branch --no-build
  fails git -C "$home/one" rev-parse --verify --quiet origin/other
  fails test -e "$home/one/part/flake.nix"
  expect 0 codchi --yes delete "$name"
  # Files over HTTP cannot leave out history; git says so, and nothing is left.
  expect 2 codchi clone "$name" "$address" --depth 1
  nothing_of "$name"

  # A server that runs git can.
  private_begin
  ssh_forge
  ssh_forge_is_known
  ssh-add -q user_key
  commits_in() { git -C "$1" rev-list --count HEAD; }
  expect 0 codchi clone "$name" "$forge/whole-$$.git?ref=main" --dir short --depth 1 --recurse-submodules --shallow-submodules --keep-remote --module-path nixosModules.default
  same "$(commits_in "$home/short") $(commits_in "$home/short/part")" "1 1" "commits of the clone and of its submodule"
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi module list "$name" --json
  same "$(jq -r '.modules[0].reference' <<<"$stdout")" "$forge/whole-$$.git?ref=main" "reference"
  expect 0 codchi --yes delete "$name"
  expect 0 codchi clone "$name" "$forge/whole-$$.git?ref=main" --dir long --depth 2 --recurse-submodules
  same "$(commits_in "$home/long") $(commits_in "$home/long/part")" "2 2" "commits of the clone and of its submodule"
  expect 0 codchi exec "$name" greet
  prints one
}
