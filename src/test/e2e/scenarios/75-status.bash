# What status tells of a machine's system, without starting anything.
# shellcheck shell=bash disable=SC2154

# system_is WORD: how status calls the system of $name.
system_is() {
  expect 0 codchi status --json
  same "$(jq -r --arg name "$name" '.machines[] | select(.name == $name) | .system' <<<"$stdout")" "$1" "system"
}

scenario_status_tells_how_a_system_stands() {
  new_name status
  module status "$(greeting one)"
  expect 0 codchi init "$name" "$url" --new-name a --no-build
  system_is not_installed
  expect 0 codchi rebuild "$name"
  system_is up_to_date
  # Nothing is evaluated when nothing has changed, not even the first time.
  local system
  system=$(readlink "$(profile_of "$name")")
  expect 0 codchi rebuild --no-update "$name"
  says "up to date"
  module status "$(greeting two)"
  system_is up_to_date
  expect 0 codchi status --json
  same "$(jq -r --arg name "$name" '.machines[] | select(.name == $name) | .updates_looked_for' <<<"$stdout")" null "when updates were looked for"
  expect 0 codchi status --updates
  system_is updates_available
  same "$(jq -r --arg name "$name" '.machines[] | select(.name == $name) | .updates_looked_for | fromdateiso8601 > 0' <<<"$stdout")" true "when updates were looked for"
  same "$(readlink "$(profile_of "$name")")" "$system" "generation"
  expect 0 codchi rebuild "$name"
  system_is up_to_date
  expect 0 codchi rollback "$name"
  system_is modified
  expect 0 codchi rebuild "$name"
  expect 0 codchi module set "$name" a --new-name b --no-build
  system_is modified
}

scenario_a_system_that_needs_a_restart() {
  new_name restart
  module restart "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  module restart '{ pkgs, ... }: {
    environment.etc."init-interface-version".text = "2";
    environment.systemPackages = [ (pkgs.writeShellScriptBin "greet" "echo two") ];
  }'
  expect 0 codchi rebuild "$name" --json
  same "$(jq -r .outcome <<<"$stdout")" restart_needed "outcome"
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi restart "$name"
  expect 0 codchi exec "$name" greet
  prints two
  expect 0 codchi rebuild "$name"
}

scenario_status_tells_what_takes_space() {
  local first second
  module disk "$(greeting "disk $$")"
  new_name disk-a && first=$name
  expect 0 codchi init "$first" "$url"
  new_name disk-b && second=$name
  expect 0 codchi init "$second" "$url" --no-build
  expect 0 codchi exec "$first" dd if=/dev/zero of=big bs=1M count=8
  expect 0 codchi stop "$first"

  expect 0 codchi status --disk --json
  of() { jq -r --arg name "$1" ".machines[] | select(.name == \$name) | .disk | $2" <<<"$stdout"; }
  same "$(of "$first" '.home_bytes >= 8388608 and .home_bytes < 12582912 and .home_whole')" true "home of the first"
  # Of a machine that is alone with its greeting, something is its own; most is everybody's.
  same "$(of "$first" '.systems_bytes > 1000000 and .alone_bytes > 0')" true "systems of the first"
  same "$(of "$second" '.systems_bytes')" 0 "systems of one that was not built"
  same "$(jq --arg name "$first" '.disk.store_bytes >= (.machines[] | select(.name == $name) | .disk.systems_bytes)' <<<"$stdout")" true "the store"
  same "$(jq '.disk.free_bytes > 0 and .disk.store_paths > 10' <<<"$stdout")" true "the store"
  # Nothing of a machine was started for it.
  same "$(jq -r --arg name "$first" '.machines[] | select(.name == $name) | .state' <<<"$stdout")" stopped "state"
  local alone
  alone=$(of "$first" .alone_bytes)

  # The same system in two machines is nobody's own.
  expect 0 codchi rebuild "$second"
  expect 0 codchi status --disk --json
  same "$(of "$first" ".alone_bytes < $alone and .systems_bytes > $alone")" true "what is shared"
  same "$(of "$first" .systems_bytes)" "$(of "$second" .systems_bytes)" "one and the same system"
  expect 0 codchi status --disk
  [[ $stdout == *ALONE*"The store has"* ]] || unexpected "no sizes in the table"
  # Whatever else it finds.
  stdout=$(codchi doctor || true)
  [[ $stdout =~ store:.*\ in\ [0-9]+\ paths ]] || unexpected "doctor does not tell how large the store is"
}
