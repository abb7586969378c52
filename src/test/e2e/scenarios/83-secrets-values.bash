# Values that break quoting somewhere, on every way into the machine; docs/security.md has the outcome as a table. And keys that are lost or renewed.
# shellcheck shell=bash disable=SC2154

# What is in the table, as printf's formats; its rows are labels.
declare -A nasty_values=(
  [QUOTES]=$'it\'s "quoted" \\\\back\\\\slash\\\\ \'"\'"\' \''
  [EXPANSIONS]=$'$(touch /tmp/pwned) `touch /tmp/pwned` ${HOME} $HOME !! ~ * # ; & %%s a=b'
  [LINES]=$'\\n first\\n\\tsecond\\n\\n last\\n\\n'
  [BLANKS]=$'  both sides \t '
  [EMPTY]=''
  [UTF8]='pässwörd € 😀'
  [LATIN]=$'\xe4\xff\xfe\xc3('
  [CONTROL]=$'\r\n\x01\x1b[31m\x7f'
)
declare -A nasty_labels=(
  [QUOTES]='quotes and backslashes'
  # shellcheck disable=SC2016 # as the table has it
  [EXPANSIONS]='`$(…)`, backquotes, `${…}`, `!`, `~`, `*`, `#`, `;`, `%`'
  [LINES]='line breaks, also first and last, and tabs'
  [BLANKS]='blanks at both ends'
  [EMPTY]='nothing'
  [UTF8]='UTF-8'
  [LATIN]='not UTF-8'
  [CONTROL]='other control characters'
  [LARGE]='120 KiB'
  [NUL]='zero bytes'
  [LARGEST]='1 MiB'
)
nasty_order=(QUOTES EXPANSIONS LINES BLANKS EMPTY UTF8 LATIN CONTROL LARGE NUL LARGEST)

# yes_or_no NAME SUM: whether a way, whose output is in $stdout as lines "NAME SUM", had this value.
yes_or_no() { if grep -qxF "$1 $2" <<<"$stdout"; then echo yes; else echo no; fi; }

scenario_secrets_with_nasty_values() {
  new_name nasty
  secrets_begin
  local each env_options= file_options= names= label row
  local -A shells=() users=() units=() files=() credentials=()
  for each in "${nasty_order[@]}"; do
    case $each in
      LARGE) head -c 92160 /dev/urandom | base64 -w0 >"$work/value/$each" ;;
      NUL) printf '\0a\0\n\0' >"$work/value/$each" ;;
      LARGEST) head -c 1048576 /dev/urandom >"$work/value/$each" ;;
      # shellcheck disable=SC2059 # a format is meant
      *) printf "${nasty_values[$each]}" >"$work/value/$each" ;;
    esac
    file_options+="codchi.secrets.files.$each.description = \"x\";"
    case $each in NUL | LARGEST) continue ;; esac
    names+=" $each"
    env_options+="codchi.secrets.env.$each = { description = \"x\"; optional = true; };"
  done
  # What a program has in its environment, byte for byte: lines "NAME SUM".
  local probe="for v in$names; do if printenv CODCHI_\$v >/dev/null; then echo \\\"\$v \$(printenv --null CODCHI_\$v | head -c -1 | sha256sum | cut -d' ' -f1)\\\"; fi; done"
  module nasty "{ pkgs, lib, ... }: {
    $env_options $file_options
    environment.systemPackages = [ (pkgs.writeShellScriptBin \"probe\" \"$probe\") ];
    systemd.services.nasty = {
      requires = [ \"codchi-secrets.target\" ];
      after = [ \"codchi-secrets.target\" ];
      path = [ pkgs.coreutils ];
      serviceConfig.Type = \"oneshot\";
      serviceConfig.EnvironmentFile = \"/run/codchi/env\";
      serviceConfig.StandardOutput = \"truncate:/run/nasty-unit\";
      script = \"$probe\";
    };
    systemd.services.nasty-largest = {
      requires = [ \"codchi-secrets.target\" ];
      after = [ \"codchi-secrets.target\" ];
      path = [ pkgs.coreutils ];
      serviceConfig.Type = \"oneshot\";
      serviceConfig.LoadCredential = \"LARGEST:/run/codchi/secrets/files/LARGEST\";
      script = \"true\";
    };
    systemd.services.nasty-credentials = {
      requires = [ \"codchi-secrets.target\" ];
      after = [ \"codchi-secrets.target\" ];
      path = [ pkgs.coreutils ];
      serviceConfig.Type = \"oneshot\";
      serviceConfig.User = \"codchi\";
      serviceConfig.StandardOutput = \"truncate:/run/nasty-credentials\";
      serviceConfig.LoadCredential = map (name: name + \":/run/codchi/secrets/files/\" + name) (lib.splitString \" \" \"${nasty_order[*]:0:10}\");
      script = \"cd \$CREDENTIALS_DIRECTORY; for v in *; do echo \$v \$(sha256sum <\$v | cut -d' ' -f1); done\";
    };
  }"
  for each in "${nasty_order[@]}"; do
    case $each in
      NUL | LARGEST)
        # No environment can hold it: refused when it is set, with the way that can.
        expect 2 codchi secrets set "$name" "$each" --kind env --exact --file "$work/value/$each"
        says CODCHI-SEC-003
        says codchi.secrets.files
        ;;
      *) expect 0 codchi secrets set "$name" "$each" --kind env --exact --file "$work/value/$each" ;;
    esac
    expect 0 codchi secrets set "$name" "$each" --kind file --file "$work/value/$each"
  done
  expect 0 codchi init "$name" "$url"

  # Ways that read what a shell reads: exec, a login shell, any shell that sources the file, sh as an IDE's server starts it.
  local -a ways=("probe" "bash -lc probe" "env -i PATH=/run/current-system/sw/bin bash -c 'set -a; . /etc/codchi-env; probe'"
    "env -i PATH=/run/current-system/sw/bin sh -c 'set -a; . /etc/codchi-env; probe'" "env -i HOME=/home/codchi /bin/sh -c probe")
  local way
  for way in "${ways[@]}"; do
    expect 0 codchi exec "$name" bash -c "$way"
    for each in $names; do shells[$each]+="$(yes_or_no "$each" "$(sum_of "$each")") "; done
  done
  expect 1 codchi exec "$name" test -e /tmp/pwned
  # systemd: everything but what is not UTF-8.
  expect 0 codchi exec "$name" sudo systemctl start nasty-credentials
  expect 0 codchi exec "$name" sudo systemctl start nasty
  expect 0 codchi exec "$name" sudo cat /run/nasty-unit
  for each in $names; do units[$each]+="$(yes_or_no "$each" "$(sum_of "$each")") "; done
  expect 0 codchi exec "$name" systemd-run --user --wait --pipe --quiet --setenv=PATH=/run/current-system/sw/bin /run/current-system/sw/bin/probe
  for each in $names; do users[$each]+="$(yes_or_no "$each" "$(sum_of "$each")") "; done
  cat out err >user-services
  # Files, as they are and as credentials.
  expect 0 codchi exec "$name" sh -c 'cd /run/codchi/secrets/files; for v in *; do echo "$v $(sha256sum <"$v" | cut -d" " -f1)"; done'
  for each in "${nasty_order[@]}"; do files[$each]+="$(yes_or_no "$each" "$(sum_of "$each")") "; done
  expect 0 codchi exec "$name" sudo cat /run/nasty-credentials
  for each in "${nasty_order[@]}"; do credentials[$each]=$(yes_or_no "$each" "$(sum_of "$each")"); done
  # systemd's own limit.
  expect 1 codchi exec "$name" sudo systemctl start nasty-largest

  # The table says just that.
  for each in "${nasty_order[@]}"; do
    label=${nasty_labels[$each]}
    row="| $label | $(outcome "${shells[$each]-refused}") | $(outcome "${units[$each]-refused}") | $(outcome "${users[$each]-refused}") | $(outcome "${files[$each]}") | ${credentials[$each]} |"
    echo "$row"
    grep -qxF -- "$row" "$here/../../../docs/security.md" || echo "$row" >>missing-rows
  done
  fails test -e missing-rows
}

# outcome WORDS: the one word that all of them are.
outcome() {
  local -a words
  read -ra words <<<"$1"
  local each
  for each in "${words[@]}"; do [[ $each == "${words[0]}" ]] || { echo "$1" && return; }; done
  echo "${words[0]}"
}

# keyring_session: a session of one's own with a message bus and without a keyring.
keyring_session() {
  export HOME=$work/home XDG_RUNTIME_DIR=$work/run XDG_DATA_HOME=$work/home/data
  mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
  cat >bus.conf <<'C'
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
C
  dbus-daemon --config-file=bus.conf --nofork --nopidfile --print-address=9 9>address 2>bus.log &
  bus=$!
  keyring=
  # shellcheck disable=SC2064 # the bus of now, the keyring of then
  trap "kill $bus \$keyring 2>/dev/null; tidy >/dev/null 2>&1" EXIT
  until [[ -s address ]]; do read -rt 0.05 <> <(:) || :; done
  DBUS_SESSION_BUS_ADDRESS=$(<address)
  export DBUS_SESSION_BUS_ADDRESS
}

keyring_ended() {
  kill -9 "$keyring"
  wait "$keyring" 2>/dev/null || true
}

# As docs/security.md tells it: the item comes back from a backup, or nobody opens the vault and it is set anew.
scenario_secrets_when_the_key_is_lost() {
  new_name lostkey
  keyring_session
  keyring_started
  echo one >one
  module lostkey '{ ... }: { codchi.secrets.env.TOKEN.description = "x"; }'
  expect 0 codchi secrets set "$name" TOKEN --kind env --file one
  expect 0 codchi init "$name" "$url"
  local item id vault=$CODCHI_CONFIG_DIR/machine/$name/secrets.vault sealed
  item=$(secret-tool lookup application codchi)
  id=${item%% *}
  sealed=$(sha256sum <"$vault")

  # The keyring was reset.
  keyring_ended
  rm -r "$XDG_DATA_HOME/keyrings"
  keyring_started
  expect 5 codchi secrets get "$name" TOKEN --force
  says CODCHI-SEC-011
  says "$id"
  echo two >two
  expect 5 codchi secrets set "$name" TOKEN --kind env --file two
  expect 0 codchi secrets list "$name"
  # The machine runs on without it.
  expect 0 codchi exec "$name" true
  # No other key was made in its place, and the vault is as it was.
  fails secret-tool lookup application codchi
  same "$(sha256sum <"$vault")" "$sealed" "the vault"
  printf %s "$item" | secret-tool store --label=codchi application codchi xdg:schema dev.codchi.Key key "$id"
  expect 0 codchi secrets get "$name" TOKEN --force
  prints one

  # A new key in the keyring: export, take the old one away, import.
  expect 0 codchi secrets export "$name" --output clear
  secret-tool clear application codchi
  mv "$vault" old-vault
  expect 0 codchi secrets list "$name"
  expect 0 codchi secrets import "$name" --file clear
  expect 0 codchi secrets get "$name" TOKEN --force
  prints one
  [[ $(secret-tool lookup application codchi) != "$item" ]] || unexpected "it is the old key"
  cp "$vault" new-vault
  cp old-vault "$vault"
  expect 5 codchi secrets get "$name" TOKEN --force
  says CODCHI-SEC-011

  # Another keeper: rotation seals with whom the settings name, and from then on the keyring is not needed.
  cp new-vault "$vault"
  head -c 24 /dev/urandom | base64 >phrase
  expect 0 env "CODCHI_SECRETS_PROVIDER=passphrase" "CODCHI_SECRETS_PASSPHRASE_FILE=$work/phrase" "$CODCHI" --no-input secrets rotate "$name"
  keyring_ended
  keyring=
  export CODCHI_SECRETS_PASSPHRASE_FILE=$work/phrase
  expect 0 codchi secrets get "$name" TOKEN --force
  prints one
  echo wrong >wrong
  expect 5 env "CODCHI_SECRETS_PASSPHRASE_FILE=$work/wrong" "$CODCHI" --no-input secrets get "$name" TOKEN --force
  says CODCHI-SEC-010
  # Nobody can open it: moved away, what is missing can be set anew.
  unset CODCHI_SECRETS_PASSPHRASE_FILE
  mv "$vault" lost-vault
  export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/key
  expect 0 codchi secrets list "$name"
  [[ $stdout == *TOKEN*missing* ]] || unexpected "what is missing is not listed"
  expect 3 codchi secrets check "$name"
  says "env TOKEN"
  expect 0 codchi secrets set "$name" TOKEN --file two
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" sh -c 'echo "$CODCHI_TOKEN"'
  prints two
}

# The keyring stops answering while codchi waits for it, and then goes away.
scenario_secrets_and_a_keyring_that_goes_in_the_middle() {
  new_name middle
  keyring_session
  keyring_started
  echo one >one
  echo two >two
  expect 0 codchi secrets set "$name" TOKEN --kind env --file one
  local vault=$CODCHI_CONFIG_DIR/machine/$name/secrets.vault sealed waiting
  sealed=$(sha256sum <"$vault")
  background dbus-monitor --session "type='method_call',interface='org.freedesktop.Secret.Service'"
  soon grep -q NameAcquired background.log
  kill -STOP "$keyring"
  "$CODCHI" --no-input secrets set "$name" TOKEN --kind env --file two >out 2>err </dev/null &
  waiting=$!
  # It has asked, and there is no answer.
  soon grep -q "member=OpenSession" background.log
  keyring_ended
  local status=0
  wait "$waiting" || status=$?
  same "$status" 5 "status of the one that waited"
  holds grep -q CODCHI-SEC-008 err
  same "$(sha256sum <"$vault")" "$sealed" "the vault"
  keyring_started
  expect 0 codchi secrets get "$name" TOKEN --force
  prints one
  expect 0 codchi secrets set "$name" TOKEN --kind env --file two
  expect 0 codchi secrets get "$name" TOKEN --force
  prints two
  expect 0 codchi --yes delete "$name"
}
