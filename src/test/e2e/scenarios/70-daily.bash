# What people do every day after init: modules, generations, updates, garbage.
# shellcheck shell=bash disable=SC2154

profile_of() { echo "$CODCHI_DATA_DIR/nix/var/nix/profiles/per-machine/$1/system"; }

definition_of() { sha256sum "$CODCHI_CONFIG_DIR/machine/$1/machine.json"; }

# A module with command $1 that prints $2.
command_module() { printf '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.writeShellScriptBin "%s" "echo %s") ]; }' "$1" "$2"; }

scenario_modules_are_added_changed_and_deleted() {
  new_name modules
  module modules-a "$(command_module greet one)"
  local first=$url
  module modules-b "$(command_module wave waved)"
  local second=$url
  module modules-broken '{ ... }: throw "no luck today"'
  local broken=$url

  expect 0 codchi init "$name" "$first" --new-name a
  expect 0 codchi module add "$name" "$second" --new-name b
  says "new generation"
  expect 0 codchi exec "$name" wave
  prints waved
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi module list "$name" --json
  same "$(jq -r '[.modules[].name] | join(" ")' <<<"$stdout")" "a b" "names of the modules"

  # All or nothing.
  local definition system
  definition=$(definition_of "$name") system=$(readlink "$(profile_of "$name")")
  expect 6 codchi module add "$name" "$broken"
  expect 3 codchi module set "$name" nothing "$second"
  expect 4 codchi module set "$name" a --new-name b
  expect 4 codchi module add "$name" "$second"
  expect 2 codchi module set "$name" a
  expect 2 codchi module add "$name" "$first" --branch main --tag v1
  expect 2 codchi module set "$name" a local:project
  says "no git repository"
  same "$(definition_of "$name")" "$definition" "definition after failures"
  same "$(readlink "$(profile_of "$name")")" "$system" "generation after failures"

  # Only the definition.
  expect 0 codchi mod delete "$name" b --no-build
  same "$(readlink "$(profile_of "$name")")" "$system" "generation after --no-build"
  expect 0 codchi rebuild --no-update "$name"
  expect 127 codchi exec "$name" wave
  expect 0 codchi exec "$name" greet
  prints one
}

scenario_module_as_a_working_copy() {
  new_name copy
  module copy "$(command_module greet one)"
  local remote=$url home=$CODCHI_DATA_DIR/machine/$name
  expect 0 codchi init "$name" "$remote" --new-name project
  git -c init.defaultBranch=main init --quiet "$home/project"
  work_on() { printf '{ outputs = { self }: { nixosModules.default = %s; }; }\n' "$(command_module greet "$1")" >"$home/project/flake.nix"; }
  work_on two
  git -C "$home/project" add flake.nix
  git -C "$home/project" -c user.name=e2e -c user.email=e2e@localhost commit --quiet --message two

  expect 0 codchi module set "$name" project local:project
  expect 0 codchi module list "$name"
  record local-module
  expect 0 codchi exec "$name" greet
  prints two
  # Changes count before they are committed, with or without updates.
  work_on three
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints three
  work_on four
  expect 0 codchi rebuild --no-update "$name"
  expect 0 codchi exec "$name" greet
  prints four

  expect 0 codchi module set "$name" project "$remote"
  expect 0 codchi exec "$name" greet
  prints one
}

scenario_rollback_and_forth() {
  new_name rollback
  module rollback "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  expect 3 codchi rollback "$name"
  says "before the present one"
  module rollback "$(greeting two)"

  # A dry run tells and changes nothing.
  local before
  before=$(readlink "$(profile_of "$name")")
  expect 0 codchi rebuild --dry-run --json "$name"
  same "$(jq -r .outcome <<<"$stdout")" tried "outcome of the dry run"
  same "$(readlink "$(profile_of "$name")")" "$before" "generation after a dry run"
  expect 0 codchi exec "$name" greet
  prints one

  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints two
  expect 0 codchi generations "$name" --json
  same "$(jq -c '[.generations[] | [.number, .current]]' <<<"$stdout")" '[[1,false],[2,true]]' "generations"

  expect 0 codchi rollback "$name"
  expect 0 codchi exec "$name" greet
  prints one
  expect 3 codchi rollback "$name" 7
  says "there are 1, 2"

  # The next rebuild is not deceived.
  expect 0 codchi rebuild --no-update "$name"
  expect 0 codchi exec "$name" greet
  prints two

  # Stopped: it is what boots next.
  expect 0 codchi stop "$name"
  expect 0 codchi rollback "$name" 1
  expect 0 codchi exec "$name" greet
  prints one
}

scenario_update_of_one_input() {
  new_name update
  module update-a "$(command_module greet one)"
  local first=$url
  module update-b "$(command_module wave one)"
  expect 0 codchi init "$name" "$first" --new-name a
  expect 0 codchi module add "$name" "$url" --new-name b
  module update-a "$(command_module greet two)"
  module update-b "$(command_module wave two)"
  expect 3 codchi rebuild "$name" --update nothing
  says "its inputs are nixpkgs, a, b"
  expect 0 codchi rebuild "$name" --update b
  expect 0 codchi exec "$name" wave
  prints two
  expect 0 codchi exec "$name" greet
  prints one
}

# Store paths below the machine's present system.
closure_of() { codchi store shell -- nix-store --query --requisites "$(readlink "$(dirname "$(profile_of "$1")")/$(readlink "$(profile_of "$1")")")"; }

scenario_garbage_of_one_machine_and_nothing_of_others() {
  new_name gc-b
  local other=$name
  module gc-b "$(command_module wave waved)"
  expect 0 codchi init "$other" "$url"
  new_name gc-a
  # A text of its own: the same program of another machine would keep the path.
  module gc-a "$(command_module greet "one of $name")"
  expect 0 codchi init "$name" "$url"
  # A link that nix made in the machine's home is a root, although the store knows it by the machine's path only.
  expect 0 codchi exec "$name" sh -c 'echo kept >~/file && cd && nix-store --add file'
  local linked=$stdout
  expect 0 codchi exec "$name" nix-store --realise "$linked" --add-root /home/codchi/result
  module gc-a "$(command_module greet two)"
  expect 0 codchi exec "$name" sh -c 'readlink -f "$(command -v greet)"'
  local greeter=$stdout
  expect 0 codchi rebuild "$name"

  expect 2 codchi gc --delete-old
  expect 2 codchi gc "$name"
  expect 2 codchi gc --delete-old 3x "$name"
  expect 3 codchi gc --delete-old e2e-nobody

  expect 0 codchi gc --delete-old --dry-run --json "$name"
  same "$(jq -c '[.deleted[] | .generation]' <<<"$stdout")" '[1]' "generations that would be deleted"
  holds test -e "$CODCHI_DATA_DIR/${greeter#/}"

  expect 0 codchi gc --delete-old 1d "$name"
  expect 0 codchi generations "$name" --json
  same "$(jq -c '[.generations[] | .number]' <<<"$stdout")" '[1,2]' "generations younger than a day"

  # The machine still runs what it was booted with; that stays until it is restarted.
  expect 0 codchi gc --delete-old "$name" --json
  jq -e '[.kept[].owner] | any(contains("programs that run"))' <<<"$stdout" >/dev/null || unexpected "running programs are not said to keep anything"
  jq -e '[.kept[].owner] | any(contains("link ~/result"))' <<<"$stdout" >/dev/null || unexpected "the link is not said to keep anything"
  expect 0 codchi restart "$name"
  expect 0 codchi gc
  fails test -e "$CODCHI_DATA_DIR/${greeter#/}"
  holds test -e "$CODCHI_DATA_DIR/${linked#/}"
  expect 0 codchi generations "$name" --json
  same "$(jq -c '[.generations[] | .number]' <<<"$stdout")" '[2]' "generations"

  # Everybody has everything: all store paths of both systems are there.
  local path machine
  for machine in "$name" "$other"; do
    expect 0 closure_of "$machine"
    [[ $stdout == */nix/store/* ]] || unexpected "the system of $machine has no paths"
    for path in $stdout; do holds test -e "$CODCHI_DATA_DIR/${path#/}"; done
  done
  expect 0 codchi exec "$name" greet
  prints two
  expect 0 codchi exec "$other" wave
  prints waved
  expect 3 codchi rollback "$name" 1
}

scenario_doctor_finds_what_is_wrong() {
  expect 0 codchi doctor --json
  same "$(jq -r .healthy <<<"$stdout")" true "health"
  same "$(jq -r '.findings[] | select(.subject == "bridge") | .finding' <<<"$stdout")" "$CODCHI_LXD_NETWORK" "bridge"
  expect 5 codchi --set lxd.pool=e2e-nothing doctor --json
  same "$(jq -r '[.findings[] | select(.verdict == "problem") | .code] | join(" ")' <<<"$stdout")" CODCHI-LXD-005 "codes"
  expect 5 codchi --set lxd.socket=/nowhere/socket doctor
  [[ $stdout == *"code: CODCHI-LXD-001"* ]] || unexpected "no code of the missing socket"

  # A machine that was not built yet lacks nothing; one that has lost its container does.
  new_name doctor
  expect 0 codchi init "$name" --no-build
  expect 0 codchi doctor --json
  same "$(jq -r --arg machine "machine $name" '.findings[] | select(.subject == $machine) | .verdict + ": " + .finding' <<<"$stdout")" \
    "ok: not built yet" "what is said of it"
  expect 0 codchi rebuild "$name"
  expect 0 codchi stop "$name"
  local operation
  operation=$(curl -fsS -X DELETE --unix-socket "$CODCHI_LXD_SOCKET" "http://daemon/1.0/instances/$(container_of "$name")" | jq -r .operation)
  rest "$operation/wait" >/dev/null
  expect 1 codchi doctor --json
  same "$(jq -r --arg machine "machine $name" '.findings[] | select(.subject == $machine) | .code' <<<"$stdout")" CODCHI-MCH-005 "code"
}

scenario_completion_of_commands_and_machines() {
  new_name complete
  mkdir -p "$CODCHI_CONFIG_DIR/machine/$name"
  printf '{"version": 1, "name": "%s", "modules": [], "nixpkgs": {"from": "default"}, "created": "2026-01-01T00:00:00Z", "facts": {}}' "$name" \
    >"$CODCHI_CONFIG_DIR/machine/$name/machine.json"
  # In bash itself, with the script that is printed.
  expect 0 codchi completion bash
  cp out script
  complete_with_bash() {
    CODCHI=$CODCHI bash -c 'codchi() { command "$CODCHI" "$@"; }; source ./script
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _codchi; printf "%s\n" "${COMPREPLY[@]}"' - "$@"
  }
  expect 0 complete_with_bash codchi reb
  prints rebuild
  expect 0 complete_with_bash codchi exec "${name%?}"
  [[ $stdout == *"$name"* ]] || unexpected "the machine is not offered"
  expect 0 complete_with_bash codchi module a
  prints add
  expect 0 complete_with_bash codchi rebuild --no-u
  prints --no-update
  expect 0 complete_with_bash codchi init "${name%?}"
  prints ""
}

scenario_killed_changes_leave_one_state() {
  new_name killday
  module killday-one "$(greeting one)"
  local one=$url
  module killday-two "$(greeting two)"
  local two=$url moment number wanted
  expect 0 codchi init "$name" "$one" --new-name a
  expect 0 codchi module set "$name" a "$two"
  for moment in 1.2 2 3; do
    kill_after "$moment" "$CODCHI" --no-input rollback "$name" 1 || true
    expect 0 codchi status
    number=$(readlink "$(profile_of "$name")")
    case $number in system-1-link) wanted=one ;; *) wanted=two ;; esac
    expect 0 codchi exec "$name" greet
    prints "$wanted"
    expect 0 codchi rebuild --no-update "$name"
    expect 0 codchi exec "$name" greet
    prints two
  done
  for moment in 2 4 6; do
    kill_after "$moment" "$CODCHI" --no-input module set "$name" a "$one" || true
    expect 0 codchi status
    # Definition, lock and system tell the same.
    expect 0 codchi module list "$name" --json
    case $stdout in *killday-one*) wanted=one ;; *) wanted=two ;; esac
    expect 0 codchi exec "$name" greet
    prints "$wanted"
    holds grep -q "killday-$wanted" "$CODCHI_CONFIG_DIR/machine/$name/flake.lock"
    expect 0 codchi module set "$name" a "$two"
    expect 0 codchi exec "$name" greet
    prints two
  done
}
