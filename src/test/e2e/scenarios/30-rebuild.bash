# A machine follows its modules, and only when all of it worked.
# shellcheck shell=bash disable=SC2154

fingerprint() { # of everything that says what machine $1 is
  sha256sum "$CODCHI_CONFIG_DIR/machine/$1/flake.nix" "$CODCHI_CONFIG_DIR/machine/$1/flake.lock"
  readlink "$CODCHI_DATA_DIR/nix/var/nix/profiles/per-machine/$1/system"
}

scenario_rebuild_follows_the_repository() {
  new_name rebuild
  module rebuild "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  expect 0 codchi exec "$name" greet
  prints one

  # A text of its own: what an earlier run has built would not be built again.
  module rebuild "$(greeting "two $$")"
  expect 0 codchi rebuild --no-update "$name"
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi rebuild "$name" --json
  # Every line of what happened is an event.
  cp err events
  expect 0 jq -e --slurp 'all(.schema == "codchi/event/1") and any(.event == "build_began" and .name == "greet") and any(.event == "step_ended" and .millis > 0)' events
  expect 0 codchi exec "$name" greet
  prints "two $$"

  local before
  before=$(fingerprint "$name")
  expect 0 codchi rebuild "$name"
  same "$(fingerprint "$name")" "$before" "machine after a rebuild with nothing new"
}

scenario_failed_rebuild_changes_nothing() {
  new_name failing
  module failing "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  local before broken
  before=$(fingerprint "$name")
  for broken in \
    '{ ... }: throw "no luck today"' \
    '{ codchi.initScript = 5; }' \
    '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.runCommand "fails" { } "echo cannot be built >&2; exit 3") ]; }'; do
    module failing "$broken"
    expect 6 codchi rebuild "$name"
    same "$(fingerprint "$name")" "$before" "machine after a failed rebuild"
    expect 0 codchi exec "$name" greet
    prints one
  done
  expect 6 codchi rebuild "$name"
  says "cannot be built"

  # once mended, it goes on
  module failing "$(greeting three)"
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints three
}

scenario_service_of_a_module_runs() {
  new_name service
  module service '{ pkgs, ... }: { systemd.services.answer = { wantedBy = [ "multi-user.target" ]; serviceConfig.Type = "oneshot"; serviceConfig.RemainAfterExit = true; script = "echo 42 >/var/answer"; }; }'
  expect 0 codchi init "$name" "$url"
  expect 0 codchi exec "$name" cat /var/answer
  prints 42
  expect 0 codchi exec "$name" systemctl show --property=Id,ActiveState,Result answer.service
  prints $'Result=success\nId=answer.service\nActiveState=active'
  record systemd
}
