# What a machine cannot do to its neighbours, the store and the host.
# shellcheck shell=bash disable=SC2154

scenario_a_machine_cannot_harm_the_store() {
  new_name harm
  expect 0 codchi init "$name"
  expect 1 codchi exec "$name" sudo touch /nix/store/made-by-a-machine
  expect 9 codchi exec "$name" sudo sh -c 'mount -o remount,rw /nix/store || exit 9'
  # neither the user nor root of a machine is somebody whom nix trusts
  expect 0 codchi exec "$name" nix --extra-experimental-features nix-command store info --json
  same "$(jq .trusted <<<"$stdout")" 0 "trust in the user"
  expect 0 codchi exec "$name" sudo nix --extra-experimental-features nix-command --store daemon store info --json
  same "$(jq .trusted <<<"$stdout")" 0 "trust in root"
}

scenario_machines_are_unprivileged_and_apart() {
  new_name apart
  expect 0 codchi init "$name"
  local instance
  instance=$(rest "/1.0/instances/$(container_of "$name")" | jq .metadata)
  same "$(jq -r '.expanded_config["security.privileged"] // "false"' <<<"$instance")" false "privilege"
  same "$(jq -r '.expanded_config["security.idmap.isolated"]' <<<"$instance")" true "isolation of ids"
}

scenario_building_inside_uses_the_shared_store() {
  new_name inside
  expect 0 codchi init "$name"
  expect 0 codchi exec "$name" nix-store --version
  expect 0 codchi exec "$name" sh -c 'nix --extra-experimental-features nix-command build --impure --no-link --print-out-paths --expr "builtins.derivation { name = \"made-inside\"; system = \"x86_64-linux\"; builder = \"builtin:buildenv\"; derivations = [ ]; manifest = \"/dev/null\"; }"'
  record store 'codchi exec web nix build --print-out-paths ...'
  holds test -d "$CODCHI_DATA_DIR$stdout"
  expect 0 ls -d "$CODCHI_DATA_DIR$stdout"
  record store
}
