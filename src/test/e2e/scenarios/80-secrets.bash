# Secrets: asked for before the build, byte-identical in the machine, and nowhere else.
# shellcheck shell=bash disable=SC2154

# Everything that a scenario on secrets needs: a key without a keyring, and files that tell the values.
secrets_begin() {
  export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/key
  mkdir "$work/value"
  : >"$work/canaries"
}

# canary: a random word that is written down for the search; $word has it.
canary() {
  word=cnry$(head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n')
  echo "$word" >>"$work/canaries"
}

# value NAME FORMAT: a value with a canary in it, as a file; FORMAT is printf's.
value() {
  canary
  # shellcheck disable=SC2059 # a format is meant
  printf "$2" "$word" >"$work/value/$1"
}

# sum_of NAME: checksum of a value.
sum_of() { sha256sum <"$work/value/$1" | cut -d' ' -f1; }

secrets_module='{ pkgs, ... }: {
  codchi.secrets.env.QUOTES.description = "Quotes and backslashes";
  codchi.secrets.env.SUBSTITUTION.description = "What a shell would run";
  codchi.secrets.env.LINES.description = "Several lines";
  codchi.secrets.env.LARGE.description = "64 KiB";
  codchi.secrets.env.BYTES = { description = "Not UTF-8"; optional = true; };
  codchi.secrets.env.MADE = { description = "Made by codchi"; generator = { format = "hex"; length = 40; }; };
  codchi.secrets.files.binary.description = "Any bytes";
  codchi.secrets.files.token = { description = "For one service"; owner = "root"; };
  systemd.services.probe = {
    requires = [ "codchi-secrets.target" ];
    after = [ "codchi-secrets.target" ];
    serviceConfig.Type = "oneshot";
    serviceConfig.EnvironmentFile = "/run/codchi/env";
    serviceConfig.LoadCredential = "token:/run/codchi/secrets/files/token";
    path = [ pkgs.coreutils ];
    script = "for v in QUOTES SUBSTITUTION LINES LARGE; do eval \"value=\\$CODCHI_$v\"; printf %s \"$value\" | sha256sum >/run/probe-$v; done; sha256sum <$CREDENTIALS_DIRECTORY/token >/run/probe-token";
  };
}'

secrets_values() {
  value QUOTES $'it\'s "quoted" \\\\ back\\\\slash \'"\'"\' %s'
  value SUBSTITUTION $'$(touch /tmp/pwned) `touch /tmp/pwned` ${HOME} $((1+1)) !! ~ * %s'
  value LINES $'first\n  second \t%s\n\nlast\n'
  value BYTES $'\xff\xfe\x80 \xc3( %s'
  value token $'for one service: %s\n'
  value binary $'\\000\\001\xff %s \\000\n'
  canary
  head -c 65536 /dev/urandom | base64 -w0 >"$work/random"
  { printf %s "$word" && head -c $((65536 - 2 * ${#word})) "$work/random" && printf %s "$word"; } >"$work/value/LARGE"
  same "$(stat -c %s "$work/value/LARGE")" 65536 "length of the large value"
}

# arrived NAME...: variables have their values in exec, and in a shell that reads /etc/codchi-env.
arrived() {
  local each wanted=
  for each; do wanted+="$each $(sum_of "$each") $(sum_of "$each")"$'\n'; done
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" bash -c '
    sum() { eval "printf %s \"\$CODCHI_$1\"" | sha256sum | cut -d" " -f1; }
    for each; do
      first=$(sum "$each")
      second=$(unset "CODCHI_$each"; . /etc/codchi-env; sum "$each")
      echo "$each $first $second"
    done' bash "$@"
  prints "${wanted%$'\n'}"
}

# Looks at the arguments of all processes, and at the environment of those of this user that are not in a machine, until stopped.
watch_processes() {
  local here_ns process
  here_ns=$(readlink /proc/self/ns/pid)
  while [[ ! -e $work/stop ]]; do
    grep -laFf "$work/canaries" /proc/[0-9]*/cmdline 2>/dev/null >>"$work/seen" || true
    for process in $(grep -laFf "$work/canaries" /proc/[0-9]*/environ 2>/dev/null || true); do
      process=${process%/environ}
      [[ $(readlink "$process/ns/pid" 2>/dev/null) != "$here_ns" ]] || echo "$process/environ" >>"$work/seen"
    done
    echo >>"$work/rounds"
    # Short enough to meet every codchi, long enough to leave it room.
    read -rt 0.1 <> <(:) || :
  done
}

scenario_secrets_are_asked_for_before_the_build() {
  new_name ask-secrets
  secrets_begin
  module ask-secrets '{ ... }: {
    codchi.secrets.env.TOKEN.description = "From your settings";
    codchi.secrets.files.password.description = "From the team";
  }'
  expect 2 codchi init "$name" "$url"
  says CODCHI-SEC-004
  says "codchi secrets set $name TOKEN --kind env"
  says "codchi secrets set $name password --kind file"
  says "From the team"
  fails grep -q "Building $name" err
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"

  # Just what the message says. A typing error makes no machine's vault.
  echo one | command "$CODCHI" --no-input secrets set "$name" TOKEN --kind env
  expect 3 codchi secrets set "${name}x" TOKEN --file /dev/null
  expect 2 codchi init "$name" "$url"
  says "password"
  fails grep -q "set $name TOKEN" err
  echo two | command "$CODCHI" --no-input secrets set "$name" password --kind file
  expect 0 codchi init "$name" "$url"
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "$CODCHI_TOKEN $(cat /run/codchi/secrets/files/password)"'
  prints "one two"

  # A module that comes to need more stops the rebuild, and leaves the machine as it was.
  module ask-secrets '{ ... }: { codchi.secrets.env.TOKEN.description = "x"; codchi.secrets.env.OTHER.description = "y"; }'
  expect 2 codchi rebuild "$name"
  says "codchi secrets set $name OTHER --kind env"
  expect 0 codchi exec "$name" cat /run/codchi/secrets/files/password
  prints two
  echo three | command "$CODCHI" --no-input secrets set "$name" OTHER --kind env
  expect 0 codchi rebuild "$name"
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "$CODCHI_TOKEN $CODCHI_OTHER"'
  prints "one three"
}

scenario_secrets_arrive_and_stay_secret() {
  new_name secrets
  secrets_begin
  secrets_values
  watch_processes &
  local watcher=$! each began
  module secrets "$secrets_module"
  for each in QUOTES SUBSTITUTION LINES LARGE; do
    expect 0 codchi --json secrets set "$name" "$each" --kind env --exact --file "$work/value/$each"
    cat out err >>"$work/said"
  done
  expect 0 command "$CODCHI" --no-input secrets set "$name" token --kind file <"$work/value/token"
  expect 0 codchi secrets set "$name" binary --kind file --file "$work/value/binary"
  expect 0 codchi -vv init "$name" "$url"
  cat out err >>"$work/said"

  arrived QUOTES SUBSTITUTION LINES LARGE
  expect 0 codchi exec "$name" sha256sum /run/codchi/secrets/files/binary
  same "${stdout%% *}" "$(sum_of binary)" "the binary file"
  expect 0 codchi exec "$name" stat -c '%U %a' /run/codchi/secrets/files/token /run/codchi/secrets/env/LINES
  prints $'root 400\ncodchi 400'
  record secrets
  expect 0 codchi secrets list "$name"
  record secrets
  expect 1 codchi exec "$name" cat /run/codchi/secrets/files/token
  expect 1 codchi exec "$name" test -e /tmp/pwned
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo ${#CODCHI_MADE}'
  prints 40

  expect 0 codchi exec "$name" sudo systemctl start probe.service
  local wanted=
  for each in QUOTES SUBSTITUTION LINES LARGE token; do wanted+=$(sum_of "$each")$'  -\n'; done
  expect 0 codchi exec "$name" cat /run/probe-{QUOTES,SUBSTITUTION,LINES,LARGE,token}
  prints "${wanted%$'\n'}"

  # Changes reach the running machine, which does not restart.
  expect 0 codchi exec "$name" cut -d' ' -f22 /proc/1/stat
  began=$stdout
  expect 0 codchi secrets set "$name" BYTES --exact --file "$work/value/BYTES"
  mv "$work/value/QUOTES" "$work/value/replaced"
  value QUOTES $'another \'one\' %s'
  expect 0 codchi secrets set "$name" QUOTES --exact --file "$work/value/QUOTES"
  arrived BYTES QUOTES
  expect 0 codchi secrets unset "$name" BYTES
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "${CODCHI_BYTES-none}"'
  prints none
  expect 0 codchi exec "$name" cut -d' ' -f22 /proc/1/stat
  prints "$began"

  for each in "secrets list" "secrets check" "status" "config list"; do
    # shellcheck disable=SC2086 # words are meant
    expect 0 codchi --json $each $([[ $each != secrets* ]] || echo "$name")
    cat out err >>"$work/said"
  done
  expect 2 codchi secrets get "$name" QUOTES
  expect 2 codchi --json secrets get "$name" QUOTES
  cat out err >>"$work/said"
  expect 2 codchi secrets export "$name"
  expect 0 codchi secrets get "$name" QUOTES --force
  holds cmp -s out "$work/value/QUOTES"
  expect 0 codchi secrets export "$name" --output "$work/clear"
  same "$(stat -c %a "$work/clear")" 600 "mode of the export"

  # They survive a stop, which wipes them from the machine, and a new key.
  expect 0 codchi secrets rotate "$name"
  expect 0 codchi stop "$name"
  arrived QUOTES SUBSTITUTION LINES LARGE

  # Missing ones are named.
  expect 0 codchi secrets unset "$name" LINES
  expect 3 codchi secrets check "$name"
  says "env LINES"
  expect 0 codchi secrets import "$name" --file "$work/clear"
  expect 0 codchi secrets check "$name"
  arrived LINES

  : >"$work/stop"
  wait "$watcher"
  holds test "$(wc -l <"$work/rounds")" -gt 5
  fails test -s "$work/seen"
  nowhere_in_clear
}

nowhere_in_clear() {
  # The search itself works: it finds every one in the values.
  local found
  found=$(grep -rhoaFf "$work/canaries" "$work/clear" "$work/value" | sort -u | wc -l)
  same "$found" "$(sort -u "$work/canaries" | wc -l)" "canaries that the search finds"
  fails grep -qaFf "$work/canaries" "$work/said"
  grep -rlaFf "$work/canaries" "$CODCHI_CONFIG_DIR" "$CODCHI_DATA_DIR" >"$work/hits" 2>/dev/null || true
  same "$(<"$work/hits")" "" "files of codchi with a value"
  # In the machine: all that is on a disk, and its journal.
  command "$CODCHI" --no-input exec "$name" sudo grep -rlaFf - /etc /var /root /home /tmp /usr /bin <"$work/canaries" >"$work/hits" 2>/dev/null || true
  same "$(<"$work/hits")" "" "files in the machine with a value"
  command "$CODCHI" --no-input exec "$name" sudo journalctl --no-pager --all --output=export </dev/null >"$work/journal" 2>/dev/null
  holds test -s "$work/journal"
  fails grep -qaFf "$work/canaries" "$work/journal"
  # And they are where they belong: in memory.
  command "$CODCHI" --no-input exec "$name" sudo grep -rlaFf - /run/codchi <"$work/canaries" >"$work/hits"
  holds grep -q /run/codchi/ "$work/hits"
  expect 0 codchi exec "$name" stat -f -c %T /run/codchi/secrets/
  prints tmpfs
}
