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
  expect 0 codchi status --updates
  system_is updates_available
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
