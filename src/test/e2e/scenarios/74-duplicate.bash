# duplicate and rename: the same machine twice, or under another name; all or nothing.
# shellcheck shell=bash disable=SC2154

duplicates_begin() { export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/key; }

secret_greeting='{ pkgs, ... }: {
  codchi.secrets.env.WORD.description = "a word";
  environment.systemPackages = [ (pkgs.writeShellScriptBin "greet" "echo $CODCHI_WORD") ];
}'

identity_of() { codchi exec "$1" cat /etc/machine-id; }

scenario_duplicate_of_a_running_machine() {
  duplicates_begin
  new_name dup
  local original=$name
  new_name dup-copy
  local copy=$name
  module dup "$secret_greeting"
  printf 'hush' >word
  expect 0 codchi secrets set "$original" WORD --kind env --file word
  expect 0 codchi init "$original" "$url"
  # Files of the person, of the machine's root in the home, and outside of it.
  expect 0 codchi exec "$original" sh -c 'echo mine >~/file && ln file link && mkdir -m 0700 dir && touch -d 2020-01-01 dir/old'
  expect 3 codchi duplicate nobody-$$ "$copy"
  expect 4 codchi duplicate "$original" "$original"
  expect 2 codchi duplicate "$original" 'no name'

  local before id
  id=$(identity_of "$original")
  before=$(codchi exec "$original" sh -c 'cat /proc/1/stat | cut -d" " -f22')
  expect 0 codchi dup "$original" "$copy"
  same "$(codchi exec "$original" sh -c 'cat /proc/1/stat | cut -d" " -f22')" "$before" "start of the original"
  expect 0 codchi status --json
  same "$(jq -r --arg name "$copy" '.machines[] | select(.name == $name) | .state' <<<"$stdout")" stopped "state of the copy"
  expect 0 codchi exec "$copy" greet
  prints hush
  expect 0 codchi exec "$copy" sh -c 'cat file && stat -c %h file && stat -c "%a %U" dir && stat -c %y dir/old | cut -d- -f1'
  prints $'mine\n2\n700 codchi\n2020'
  [[ $(identity_of "$copy") != "$id" ]] || unexpected "both machines have one identity"
  [[ $(codchi exec "$copy" cat /sys/class/net/eth0/address) != $(codchi exec "$original" cat /sys/class/net/eth0/address) ]] || unexpected "both have one network address"

  # Each goes its own way.
  printf 'other' >word
  expect 0 codchi secrets set "$copy" WORD --file word
  expect 0 codchi exec "$original" greet
  prints hush
  expect 0 codchi exec "$copy" sh -c 'echo changed >file'
  expect 0 codchi exec "$original" cat file
  prints mine
  expect 0 codchi --yes delete "$original"
  expect 0 codchi gc
  expect 0 codchi restart "$copy"
  expect 0 codchi exec "$copy" greet
  prints other
  expect 0 codchi rebuild "$copy"
}

scenario_duplicate_of_a_home_with_files_of_root() {
  duplicates_begin
  new_name dup
  local original=$name
  new_name dup-copy
  module dup "$(greeting one)"
  expect 0 codchi init "$original" "$url"
  lxc_root "$original" 'mkdir -m 0700 /home/codchi/root && echo secret >/home/codchi/root/file && echo mine >/home/codchi/file && chown 1000:100 /home/codchi/file &&
    mkdir -p /etc/ssh && echo key >/etc/ssh/ssh_host_ed25519_key && echo state >/var/state'
  expect 0 codchi duplicate "$original" "$name"
  expect 0 codchi exec "$name" sh -c 'stat -c "%a %u" root && cat file && stat -c %u file'
  prints $'700 0\nmine\n1000'
  # State of the system comes along, its identity does not.
  expect 0 codchi exec "$name" cat /var/state
  prints state
  expect 1 codchi exec "$name" test -e /etc/ssh/ssh_host_ed25519_key
  lxc_root "$name" 'cat /home/codchi/root/file' | grep -qx secret || unexpected "the file of root is not there"
}

# lxc_root MACHINE SCRIPT: run it as the machine's root, which codchi itself does not offer.
lxc_root() {
  LXD_DIR=${CODCHI_LXD_SOCKET%/unix.socket} lxc exec "$(container_of "$1")" --env PATH=/run/current-system/sw/bin -- /run/current-system/sw/bin/bash -c "$2"
}

scenario_killed_duplicate_leaves_nothing() {
  duplicates_begin
  new_name dupkill
  local original=$name moment
  new_name dupkill-copy
  module dupkill "$(greeting one)"
  expect 0 codchi init "$original" "$url"
  for moment in 0.7 1.2 1.8 2.5 4; do
    if kill_after "$moment" "$CODCHI" --no-input duplicate "$original" "$name"; then
      expect 0 codchi status --json
      if jq -e --arg name "$name" '[.machines[].name] | index($name)' <<<"$stdout" >/dev/null; then
        expect 0 codchi exec "$name" greet
        prints one
        expect 0 codchi --yes delete "$name"
      fi
      nothing_of "$name"
    else
      expect 0 codchi exec "$name" greet
      expect 0 codchi --yes delete "$name"
    fi
    # The original runs and is not halted.
    expect 0 timeout 20 "$CODCHI" exec "$original" greet
    prints one
  done
}

scenario_interrupted_duplicate_leaves_nothing() {
  duplicates_begin
  new_name dupint
  local original=$name moment status interrupted=0
  new_name dupint-copy
  module dupint "$(greeting one)"
  expect 0 codchi init "$original" "$url"
  # Enough for the copy to take a while, during which the original is halted.
  expect 0 codchi exec "$original" dd if=/dev/urandom of=/home/codchi/much bs=1M count=300 status=none
  for moment in 0.3 0.5 0.7 0.9 1.2; do
    interrupt_after "$moment" "$CODCHI" --no-input duplicate "$original" "$name"
    if ((status == 130)); then
      interrupted=$((interrupted + 1))
      fails test -e "$CODCHI_DATA_DIR/journal/$name.json"
      nothing_of "$name"
    else
      same "$status" 0 "exit status of a copy that was not interrupted"
      expect 0 codchi --yes delete "$name"
    fi
    same "$(rest "/1.0/instances/$(container_of "$original")" | jq -r .metadata.status)" Running "the original"
    expect 0 timeout 20 "$CODCHI" exec "$original" greet
    prints one
  done
  ((interrupted)) || unexpected "no copy was interrupted"
}

scenario_rename_takes_everything_along() {
  duplicates_begin
  new_name ren
  local old=$name
  new_name ren-new
  local new=$name
  module ren "$secret_greeting"
  printf 'hush' >word
  expect 0 codchi secrets set "$old" WORD --kind env --file word
  expect 0 codchi init "$old" "$url"
  expect 0 codchi exec "$old" sh -c 'echo mine >~/file && echo kept >linked && nix-store --add linked'
  local linked=$stdout
  expect 0 codchi exec "$old" nix-store --realise "$linked" --add-root /home/codchi/result
  expect 3 codchi rename nobody-$$ "$new"
  expect 4 codchi rename "$old" "$old"
  new_name ren-other
  expect 0 codchi init "$name" --no-build
  expect 4 codchi rename "$old" "$name"
  says "already a machine"

  expect 0 codchi rename "$old" "$new"
  nothing_of "$old"
  expect 0 codchi exec "$new" sh -c 'greet && cat file && echo "$CODCHI_MACHINE_NAME"'
  prints $'hush\nmine\n'"$new"
  expect 0 codchi generations "$new" --json
  same "$(jq '.generations | length' <<<"$stdout")" 1 "number of generations"
  expect 0 codchi gc
  holds test -e "$CODCHI_DATA_DIR/${linked#/}"
  expect 0 codchi rebuild "$new"
  expect 0 codchi exec "$new" greet
  prints hush
}

scenario_killed_rename_is_undone_or_finished() {
  duplicates_begin
  new_name renkill
  local one=$name moment
  new_name renkill-too
  local two=$name
  module renkill "$(greeting one)"
  expect 0 codchi init "$one" "$url"
  for moment in 0.7 1.2 1.6 2 3; do
    kill_after "$moment" "$CODCHI" --no-input rename "$one" "$two" || true
    expect 0 codchi status --json
    case $(jq -r --arg one "$one" --arg two "$two" '[.machines[].name | select(. == $one or . == $two)] | join(" ")' <<<"$stdout") in
      "$one")
        nothing_of "$two"
        expect 0 codchi exec "$one" greet
        ;;
      "$two")
        nothing_of "$one"
        expect 0 codchi exec "$two" greet
        prints one
        expect 0 codchi rename "$two" "$one"
        ;;
      *) unexpected "there is not one machine: $stdout" ;;
    esac
  done
}
