# clone: a machine with its repository inside, all or nothing; and working copies after that.
# shellcheck shell=bash disable=SC2154

# Everything that a machine leaves on this computer is gone.
nothing_of() {
  absent "/1.0/instances/$(container_of "$1")"
  fails test -e "$CODCHI_CONFIG_DIR/machine/$1"
  fails test -e "$CODCHI_DATA_DIR/machine/$1"
  fails test -e "$CODCHI_DATA_DIR/nix/var/nix/profiles/per-machine/$1"
  fails test -e "$CODCHI_DATA_DIR/host/$1"
}

commit_all() { git -C "$1" add -A && git -C "$1" -c user.name=e2e -c user.email=e2e@localhost commit --quiet --message change; }

scenario_clone_builds_from_the_clone() {
  new_name clone
  module clone "$(greeting one)"
  local home=$CODCHI_DATA_DIR/machine/$name remote=$url
  expect 0 codchi clone "$name" "$url" --new-name project --json
  same "$(jq -r .directory <<<"$stdout")" "clone-$$" "directory"
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi exec "$name" stat -c %U "clone-$$/flake.nix"
  prints codchi
  same "$(git -C "$home/clone-$$" remote get-url origin)" "$CODCHI_TESTBED_MIRROR/clone-$$.git" "origin"
  expect 0 codchi module list "$name" --json
  same "$(jq -r '.modules[0].reference' <<<"$stdout")" "local:clone-$$" "reference"

  # A change in the machine counts at once; git's own trap is named.
  printf '{ outputs = { self }: { nixosModules.default = import ./module.nix; }; }\n' >"$home/clone-$$/flake.nix"
  greeting two >"$home/clone-$$/module.nix"
  expect 6 codchi rebuild "$name"
  says CODCHI-NIX-010
  says "git add"
  git -C "$home/clone-$$" add module.nix
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints two

  # To the repository, and back to the working copy.
  expect 0 codchi module set "$name" project "$remote"
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi module set "$name" project "local:clone-$$"
  expect 0 codchi exec "$name" greet
  prints two
  rm -rf "$home/clone-$$"
  expect 6 codchi rebuild "$name"
  says CODCHI-NIX-001
  expect 0 codchi exec "$name" greet
  prints two
}

scenario_clone_takes_gits_options() {
  new_name options
  module options "$(greeting one)"
  local home=$CODCHI_DATA_DIR/machine/$name first
  first=$(git -C "$CODCHI_TESTBED_GIT/options-$$.git" rev-parse main)
  git -C "$CODCHI_TESTBED_GIT/options-$$.git" tag v1
  module options "$(greeting two)"
  git -C "$CODCHI_TESTBED_GIT/options-$$.git" update-server-info
  local address="git+$CODCHI_TESTBED_MIRROR/options-$$.git"

  expect 2 codchi clone "$name" "$address" --branch main --tag v1
  expect 2 codchi clone "$name" "$address" --depth 0
  expect 2 codchi clone "$name" "$address" --dir /etc
  expect 2 codchi clone "$name" "$address" --dir ../other
  expect 2 codchi clone "$name" "local:x"
  expect 2 codchi clone "$name" "$CODCHI_TESTBED_MIRROR/x.tar.gz"
  expect 6 codchi clone "$name" "$address" --branch nothing
  nothing_of "$name"

  # Defined only: no container, no evaluation; the clone is there.
  expect 0 codchi clone "$name" "$address" --tag v1 --dir work/project --no-build --dont-run-init
  same "$(git -C "$home/work/project" rev-parse HEAD)" "$first" "commit of the tag"
  absent "/1.0/instances/$(container_of "$name")"
  expect 125 codchi exec "$name" true
  says CODCHI-MCH-008
  expect 4 codchi start "$name"
  holds test -e "$home/.local/state/codchi/init-done"
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi --yes delete "$name"
  nothing_of "$name"

  # The machine follows the repository, although there is a clone of a commit in it.
  expect 0 codchi clone "$name" "$address" --commit "$first" --keep-remote --module-path nixosModules.default --single-branch
  same "$(git -C "$home/options-$$" rev-parse HEAD)" "$first" "commit"
  expect 0 codchi module list "$name" --json
  same "$(jq -r '.modules[0].reference' <<<"$stdout")" "$address?rev=$first" "reference"
  expect 0 codchi exec "$name" greet
  prints one
}

scenario_clone_that_fails_or_is_killed_leaves_nothing() {
  new_name cloned
  module cloned '{ ... }: throw "no luck today"'
  expect 6 codchi clone "$name" "$url"
  says "no luck"
  nothing_of "$name"
  module cloned "$(greeting back)"
  local moment
  for moment in 0.8 1.4 2 3; do
    if kill_after "$moment" "$CODCHI" --no-input clone "$name" "$url"; then
      expect 0 codchi status --json
      # Killed after its last step, the machine is there and whole.
      [[ $stdout == *"\"$name\""* ]] || { nothing_of "$name" && expect 0 codchi clone "$name" "$url"; }
      expect 0 codchi exec "$name" greet
      prints back
    fi
    expect 0 codchi --yes delete "$name"
    nothing_of "$name"
  done
}

scenario_names_in_another_case_are_the_same_machine() {
  new_name case
  local shouted=${name^^}
  expect 0 codchi init "$name"
  expect 0 codchi exec "$shouted" sh -c 'echo "$CODCHI_NAME"'
  prints "$name"
  expect 0 codchi stop "$shouted"
  expect 0 codchi exec "$shouted" sh -c 'echo "$CODCHI_NAME"'
  prints "$name"
  expect 0 codchi generations "$shouted"
  expect 0 codchi module list "$shouted"
  expect 0 codchi logs "$shouted"
  expect 0 codchi restart "$shouted"
  expect 4 codchi init "$shouted"
  expect 125 codchi exec "nobody-$$" true
  expect 0 codchi --yes delete "$shouted"
  nothing_of "$name"
}

scenario_modules_are_chosen_at_a_terminal() {
  new_name choose
  mkdir -p "$work/several"
  printf '{ outputs = { self }: { nixosModules.a = %s; nixosModules.b = %s; nixosModules.c = { }; }; }\n' \
    "$(command_module first one)" "$(command_module second two)" >"$work/several/flake.nix"
  "$here/testbed" publish "several-$$" "$work/several"
  url="git+$CODCHI_TESTBED_MIRROR/several-$$.git?ref=main"
  # Without a terminal: a clear list.
  expect 6 codchi init "$name" "$url"
  says "it offers nixosModules.a, nixosModules.b, nixosModules.c"
  # With one: numbers and names, several at once; nonsense is asked again.
  printf '9\n1 b\n' >answers
  expect 0 script -qec "$(printf '%q ' "$CODCHI" init "$name" "$url")" /dev/null <answers
  expect 0 codchi exec "$name" first
  prints one
  expect 0 codchi exec "$name" second
  prints two
  expect 0 codchi module list "$name" --json
  same "$(jq '.modules | length' <<<"$stdout")" 2 "number of modules"
}
