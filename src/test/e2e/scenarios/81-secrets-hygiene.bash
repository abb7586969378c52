# Secrets in places where they are easily forgotten: terminals, failures, logs, what a beta left, keyrings that go away.
# shellcheck shell=bash disable=SC2154

# terminal STATUS [PROMPT ANSWER]... -- ARG...: codchi on a terminal; $stdout is what the terminal showed.
terminal() {
  local wanted=$1
  shift
  local -a asked=()
  while [[ $1 != -- ]]; do
    asked+=("$1")
    shift
  done
  expect "$wanted" timeout 180 "$here/on-terminal" "${asked[@]}" -- "$CODCHI" "${@:2}"
}

# shows TEXT: the terminal of the last 'terminal' showed it.
shows() { [[ $stdout == *"$1"* ]] || unexpected "the terminal lacks: $1"; }

scenario_secrets_asked_for_on_a_terminal() {
  new_name prompts
  export CODCHI_SECRETS_PROVIDER=passphrase
  mkdir "$work/value"
  : >"$work/canaries"
  canary
  local passphrase=$word first second
  canary
  first="it's \"$word\" \$HOME \\"
  canary
  second=$word
  module prompts '{ ... }: { codchi.secrets.env.TOKEN.description = "From your settings"; codchi.secrets.files.password.description = "From the team"; }'

  # A question is left by Ctrl-C; what is typed is shown again afterwards.
  # shellcheck disable=SC2016 # expanded by that shell
  expect 0 timeout 120 "$here/on-terminal" "Value of env TOKEN for $name: " $'\x03' -- \
    sh -c 'trap : INT; stty -g >before; "$@"; echo $? >status; stty -g >after' sh "$CODCHI" init "$name" "$url"
  same "$(<status)" 130 "exit status"
  same "$(<after)" "$(<before)" "the terminal"
  [[ $stdout != *"could not be undone"* ]] || unexpected "something is said to be left"

  # init asks for what the module declares, with its description, and twice for a passphrase that is new.
  terminal 0 "Value of env TOKEN for $name: " "$first" "Value of file password for $name: " "$second" \
    "New passphrase for the secrets of $name: " "$passphrase" "The same again: " "$passphrase" \
    "Passphrase of the secrets of $name: " "$passphrase" -- init "$name" "$url"
  shows "From your settings"
  shows "From the team"
  cp out "$work/shown"
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" sh -c 'printf "%s|" "$CODCHI_TOKEN"; cat /run/codchi/secrets/files/password'
  prints "$first|$second"

  # A wrong passphrase changes nothing; without a terminal the setting is named that would have answered.
  terminal 5 "Passphrase of the secrets of $name: " wrong -- secrets get "$name" TOKEN
  shows CODCHI-SEC-010
  terminal 0 "Passphrase of the secrets of $name: " "$passphrase" -- secrets get "$name" TOKEN
  shows "$first"
  expect 2 codchi secrets get "$name" TOKEN --force
  says secrets.passphrase_file
  terminal 7 "Value of env TOKEN: " "" -- secrets set "$name" TOKEN
  shows CODCHI-CLI-003

  # Nothing that was typed was shown.
  fails grep -qaFf "$work/canaries" "$work/shown"
}

scenario_secrets_that_a_beta_left_in_clear_text() {
  new_name beta
  secrets_begin
  canary
  local left=$CODCHI_CONFIG_DIR/machine/$name/config.json
  mkdir -p "${left%/*}"
  local secret=$word
  canary
  local auth=$word
  printf '{"nixpkgs_from":null,"modules":{"web":"https://git.example/team/web.git?token=me:%s&ref=main#nixosModules.web"},"secrets":{"TOKEN":"%s","EMPTY":""}}' "$auth" "$secret" >"$left"
  printf '{ inputs.web.url = "git+https://me:%s@git.example/team/web.git?ref=main"; }' "$auth" >"${left%/*}/flake.nix"

  expect 5 codchi doctor
  [[ $stdout == *"$left has secrets in clear text: TOKEN, token git.example"* && $stdout == *"flake.nix has secrets in clear text: token git.example"* ]] || unexpected "doctor does not name them"
  [[ $stdout == *CODCHI-SEC-016* ]] || unexpected "doctor gives no code"
  fails grep -qaFf "$work/canaries" out err
  codchi doctor --fix >out 2>err || true
  holds grep -q "Sealed for $name: TOKEN, token git.example" err
  fails grep -q "in clear text" out
  fails grep -rqaFf "$work/canaries" "${left%/*}" out err
  same "$(jq -r .modules.web "$left")" "https://git.example/team/web.git?ref=main#nixosModules.web" "the address"
  same "$(<"${left%/*}/flake.nix")" '{ inputs.web.url = "git+https://git.example/team/web.git?ref=main"; }' "the flake"
  same "$(stat -c %a "$left")" 600 "mode of what is left"
  expect 0 codchi secrets get "$name" TOKEN --force
  prints "$secret"
  expect 0 codchi secrets get "$name" git.example --kind token --force
  prints "me:$auth"
  expect 0 codchi --yes delete "$name"
  fails test -e "$left"
}

scenario_secrets_in_other_programs_words() {
  new_name words
  secrets_begin
  canary
  # A program that gives one value and, asked for another one, talks about the first.
  cat >"$work/keeper" <<P
#!/bin/sh
[ "\$1" != FIRST ] || { echo '$word'; exit; }
echo "no \$1 beside $word" >&2
exit 1
P
  chmod +x "$work/keeper"
  module words '{ ... }: { codchi.secrets.env.FIRST = { description = "x"; optional = true; }; codchi.secrets.env.SECOND = { description = "y"; optional = true; }; }'
  expect 0 codchi init "$name" "$url"
  module words '{ ... }: { codchi.secrets.env.FIRST.description = "x"; codchi.secrets.env.SECOND.description = "y"; }'
  export CODCHI_SECRETS_COMMAND="$work/keeper {name}"
  expect 5 codchi -vv rebuild "$name"
  says CODCHI-SEC-013
  says 'beside [secret]'
  cat out err >said
  expect 5 codchi --json rebuild "$name"
  says 'beside [secret]'
  cat out err >>said
  holds grep -q 'beside \[secret\]' "$CODCHI_DATA_DIR/log/codchi.log"
  # A value that was given as an argument all the same is not repeated.
  expect 2 codchi secrets set "$name" FIRST "$word"
  says "values are never arguments"
  cat out err >>said
  expect 2 codchi --json -vv secrets set "$name" FIRST --value "$word"
  cat out err >>said
  # What the program wrote is in no log either, nor in the definition of the machine.
  fails grep -qaFf "$work/canaries" said
  fails grep -rqaFf "$work/canaries" "$CODCHI_DATA_DIR/log" "$CODCHI_CONFIG_DIR"
}

scenario_secrets_of_a_mebibyte() {
  new_name mebibyte
  secrets_begin
  head -c 1048576 /dev/urandom >"$work/value/largest"
  head -c 1048577 /dev/urandom >"$work/value/too-large"
  module mebibyte '{ ... }: { codchi.secrets.files.largest.description = "x"; }'
  expect 2 codchi secrets set "$name" largest --kind file --file "$work/value/too-large"
  says CODCHI-SEC-003
  expect 0 codchi secrets set "$name" largest --kind file --file "$work/value/largest"
  expect 0 codchi init "$name" "$url"
  expect 0 codchi exec "$name" sha256sum /run/codchi/secrets/files/largest
  same "${stdout%% *}" "$(sum_of largest)" "the largest value"
  head -c 1048576 /dev/zero >"$work/value/largest"
  expect 0 codchi secrets set "$name" largest --file "$work/value/largest"
  expect 0 codchi exec "$name" sha256sum /run/codchi/secrets/files/largest
  same "${stdout%% *}" "$(sum_of largest)" "the largest value after a change"
}

scenario_secrets_get_a_new_key() {
  new_name rekey
  secrets_begin
  # All vaults get the new key, so this one has directories of its own.
  export CODCHI_CONFIG_DIR=$work/config CODCHI_DATA_DIR=$work/data
  value first $'it\'s %s'
  value second 'of the other: %s\n'
  expect 0 codchi secrets set "$name" TOKEN --kind env --exact --file "$work/value/first"
  expect 0 codchi secrets set "${name}b" password --kind file --file "$work/value/second"
  cp -p "$work/key" "$work/old"

  # It is asked for; without an answer nothing happens.
  expect 2 codchi secrets rekey
  holds cmp -s "$work/key" "$work/old"
  expect 2 codchi --yes secrets rekey --stdin
  holds cmp -s "$work/key" "$work/old"
  expect 0 codchi --yes --json secrets rekey
  same "$(jq -c '[.provider, .machines, .left]' out)" "[\"keyfile\",[\"$name\",\"${name}b\"],[]]" "what was sealed anew"
  fails cmp -s "$work/key" "$work/old"
  fails test -e "$work/key.new"
  same "$(stat -c %a "$work/key")" 600 "mode of the new key"
  expect 0 codchi secrets get "$name" TOKEN --force
  holds cmp -s out "$work/value/first"
  expect 0 codchi secrets get "${name}b" password --force
  holds cmp -s out "$work/value/second"

  # Whoever has a copy of the old key has nothing.
  expect 5 env CODCHI_SECRETS_KEY_FILE="$work/old" "$CODCHI" --no-input secrets get "$name" TOKEN --force
  says CODCHI-SEC-011

  # A key that is open to others is not used for a new one either.
  chmod 640 "$work/key"
  expect 5 codchi --yes secrets rekey
  says CODCHI-SEC-012
  chmod 600 "$work/key"

  # A passphrase: two lines that are piped in.
  echo 'old one' >"$work/phrase"
  export CODCHI_SECRETS_PROVIDER=passphrase CODCHI_SECRETS_PASSPHRASE_FILE=$work/phrase
  expect 0 codchi secrets rotate "$name"
  expect 5 command "$CODCHI" --no-input secrets rekey --stdin <<<$'wrong\nnew one'
  says CODCHI-SEC-010
  expect 0 command "$CODCHI" --no-input secrets rekey --stdin <<<$'old one\nnew one'
  says "Another provider keeps the key of ${name}b"
  expect 5 codchi secrets get "$name" TOKEN --force
  says CODCHI-SEC-010
  echo 'new one' >"$work/phrase"
  expect 0 codchi secrets get "$name" TOKEN --force
  holds cmp -s out "$work/value/first"

  # Or typed; nobody is there to be asked without a terminal.
  expect 2 codchi --yes secrets rekey
  says --stdin
  unset CODCHI_SECRETS_PASSPHRASE_FILE
  terminal 0 "Passphrase of the secrets of $name: " "new one" "New passphrase for the secrets of all machines: " "a third" \
    "The same again: " "a third" -- --yes secrets rekey
  fails grep -qF "a third" out
  terminal 0 "Passphrase of the secrets of $name: " "a third" -- secrets get "$name" TOKEN
  shows "$(<"$work/value/first")"
  fails grep -rqaFf "$work/canaries" "$CODCHI_CONFIG_DIR" "$CODCHI_DATA_DIR/log"
}

scenario_secrets_in_vaults_that_are_damaged() {
  new_name damaged
  secrets_begin
  # No machine is needed for this, and nobody else's vaults are in the way.
  export CODCHI_CONFIG_DIR=$work/config CODCHI_DATA_DIR=$work/data
  local vault=$CODCHI_CONFIG_DIR/machine/$name/secrets.vault bad each pid
  # Several processes at once: none of the values is lost.
  local -a setting=()
  for each in 1 2 3 4; do
    echo "value $each" >"$work/value/$each"
    "$CODCHI" --no-input secrets set "$name" "AT_ONCE_$each" --kind env --file "$work/value/$each" </dev/null >/dev/null 2>"err$each" &
    setting+=($!)
  done
  for pid in "${setting[@]}"; do wait "$pid" || unexpected "one of those that set at once failed"; done
  for each in 1 2 3 4; do
    expect 0 codchi secrets get "$name" "AT_ONCE_$each" --force
    prints "value $each"
  done

  # One name for a variable and a file: codchi asks which is meant, and keeps them apart.
  expect 0 codchi secrets set "$name" AT_ONCE_1 --kind file --file "$work/value/2"
  expect 2 codchi secrets get "$name" AT_ONCE_1 --force
  says --kind
  expect 0 codchi secrets get "$name" AT_ONCE_1 --kind env --force
  prints "value 1"
  expect 0 codchi secrets get "$name" AT_ONCE_1 --kind file --force
  prints "value 2"

  # What is no longer what codchi wrote is neither read nor written over.
  expect 0 codchi secrets set "${name}b" AT_ONCE_1 --kind env --file "$work/value/3"
  cp "$vault" whole
  local size
  size=$(stat -c %s whole)
  head -c $((size / 2)) whole >truncated
  { head -c $((size - 20)) whole && tail -c 20 whole | tr '\000-\377' '\001-\377\000'; } >changed
  { head -c 13 whole && printf '\000\002' && tail -c +16 whole; } >newer
  cp "$CODCHI_CONFIG_DIR/machine/${name}b/secrets.vault" foreign
  echo '{"secrets":{}}' >other
  : >empty
  for bad in truncated:005 changed:005 empty:005 foreign:006 other:006 newer:007; do
    cp "${bad%:*}" "$vault"
    expect 5 codchi secrets get "$name" AT_ONCE_1 --kind env --force
    says "CODCHI-SEC-${bad#*:}"
    expect 5 codchi secrets set "$name" AT_ONCE_1 --kind env --file "$work/value/4"
    says "CODCHI-SEC-${bad#*:}"
    holds cmp -s "${bad%:*}" "$vault"
  done
  cp whole "$vault"
  expect 0 codchi secrets get "$name" AT_ONCE_1 --kind env --force
  prints "value 1"
}

# keyring_started COMMAND: a GNOME Keyring on the bus of this scenario, unlocked by a password; $keyring is its pid.
keyring_started() {
  printf 'correct horse' | gnome-keyring-daemon --unlock --foreground --components=secrets >>"$work/keyring.log" 2>&1 &
  keyring=$!
  timeout 30 gdbus wait --session org.freedesktop.secrets
}

scenario_secrets_and_a_keyring_that_disappears() {
  new_name keyring
  local bus address
  export HOME=$work/home XDG_RUNTIME_DIR=$work/run XDG_DATA_HOME=$work/home/data
  mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
  cat >bus.conf <<'C'
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
C
  dbus-daemon --config-file=bus.conf --nofork --nopidfile --print-address=9 9>address 2>bus.log &
  bus=$!
  keyring=
  # shellcheck disable=SC2064 # the bus of now, the keyring of then
  trap "kill $bus \$keyring 2>/dev/null; tidy >/dev/null 2>&1" EXIT
  until [[ -s address ]]; do read -rt 0.05 <> <(:) || :; done
  DBUS_SESSION_BUS_ADDRESS=$(<address)
  export DBUS_SESSION_BUS_ADDRESS

  # Nobody keeps keys: codchi says so, and what else there is, and makes nothing.
  echo one >one
  expect 5 codchi secrets set "$name" TOKEN --kind env --file one
  says CODCHI-SEC-008
  says passphrase
  keyring_started
  expect 0 codchi secrets set "$name" TOKEN --kind env --file one
  # The key is where other programs of the person find it, and the value is not.
  address=$(secret-tool lookup application codchi)
  [[ $address =~ ^[0-9a-f]{32}\ [0-9a-f]{64}$ ]] || unexpected "the keyring does not hold the key"

  kill -9 "$keyring"
  wait "$keyring" 2>/dev/null || true
  expect 5 codchi secrets get "$name" TOKEN --force
  says CODCHI-SEC-008
  expect 5 codchi secrets set "$name" TOKEN --kind env --file bus.conf
  # What needs no key works on.
  expect 0 codchi secrets list "$name"
  keyring_started
  expect 0 codchi secrets get "$name" TOKEN --force
  prints one
  expect 0 codchi --yes delete "$name"
}
