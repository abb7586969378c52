# One run over everything that codchi and a machine write, with random values in all secrets: none of them is anywhere but in the vault and in
# the machine's memory. (80-secrets.bash has what this builds on.)
# shellcheck shell=bash disable=SC2154

# Every codchi of this scenario runs under strace, which writes down all programs that are started, with arguments and environment.
traced() { strace -f -q -y -v -s 200000 -e trace=execve -e signal=none -o "$work/trace/$((++traces))" "$CODCHI" --no-input "$@" </dev/null; }

# collected STATUS ARG...: codchi's two streams go to the search, too.
collected() {
  expect "$1" traced "${@:2}"
  cat out err >>"$work/said"
}

# as_root CONTAINER COMMAND...: root in a container, past codchi.
as_root() {
  local -a client=(env "LXD_DIR=${CODCHI_LXD_SOCKET%/unix.socket}" lxc)
  [[ ${CODCHI_TESTBED_DAEMON:-lxd} != incus ]] || client=(env "INCUS_DIR=${CODCHI_LXD_SOCKET%/unix.socket}" incus)
  "${client[@]}" exec "$1" --env PATH=/run/current-system/sw/bin:/nix/var/nix/profiles/codchi-store/bin -- "${@:2}"
}

# hits COMMAND...: what a search prints; that it finds nothing is no failure, that it cannot search is one.
hits() {
  local status=0
  "$@" <"$work/canaries" >"$work/hits" 2>"$work/search.err" || status=$?
  ((status < 2)) || unexpected "the search failed ($status): $(<"$work/search.err")"
  sort -u "$work/hits"
}

# other_account LINE: tells the account that looks on, and waits until it has heard.
other_account() {
  local before
  before=$(wc -l <"$CODCHI_TESTBED_OBSERVER/told" 2>/dev/null || echo 0)
  echo "$1" >"$CODCHI_TESTBED_OBSERVER/ask"
  soon heard "$before"
}
heard() { (($(wc -l <"$CODCHI_TESTBED_OBSERVER/told") > $1)); }

canary_module() {
  module canary '{ pkgs, ... }: {
    codchi.secrets.env.TOKEN.description = "A variable";
    codchi.secrets.env.LINES.description = "Several lines";
    codchi.secrets.env.LATER = { description = "A variable that comes later"; optional = true; };
    codchi.secrets.env.MADE = { description = "Made by codchi"; generator = { format = "hex"; length = 40; }; };
    codchi.secrets.files.file.description = "A file";
    codchi.secrets.files.service = { description = "A file of a service"; owner = "root"; restartUnits = [ "reader.service" ]; };
    systemd.services.reader = {
      wantedBy = [ "multi-user.target" ];
      requires = [ "codchi-secrets.target" ];
      after = [ "codchi-secrets.target" ];
      serviceConfig.Type = "oneshot";
      serviceConfig.RemainAfterExit = true;
      serviceConfig.EnvironmentFile = "/run/codchi/env";
      serviceConfig.LoadCredential = "service:/run/codchi/secrets/files/service";
      path = [ pkgs.coreutils ];
      script = "test -n \"$CODCHI_TOKEN\"; cat $CREDENTIALS_DIRECTORY/service | wc -c";
    };
    codchi.initScript = "test -n \"$CODCHI_TOKEN\"; echo initialised";
    environment.etc.generation.text = "'"$1"'";
  }'
}

scenario_secrets_leave_no_trace() {
  new_name canary
  secrets_begin
  mkdir "$work/trace"
  traces=0
  local each made deleted status
  value TOKEN 'it'"'"'s "%s" $(x)'
  value LINES $'first\n%s\nlast\n'
  value LATER '%s-later'
  value file $'\\000\\377%s\n'
  value service $'%s\n'
  value changed $'%s-changed\n'
  canary
  local auth=$word
  canary_module one
  if [[ -n ${CODCHI_TESTBED_OBSERVER:-} ]]; then
    other_account begin
    # It does see: an argument, of a process that lives longer than a look.
    control=cnry$(head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n')
    background bash -c 'exec -a "$0" sleep 900' "$control"
  else
    echo "no other account looks on: 'run' starts one when root calls it"
  fi

  # A life with secrets. All commands, as JSON and with all that they say.
  collected 0 -vv secrets set "$name" TOKEN --kind env --exact --file "$work/value/TOKEN"
  expect 0 strace -f -q -y -v -s 200000 -e trace=execve -e signal=none -o "$work/trace/stdin" "$CODCHI" --json secrets set "$name" LINES --kind env --exact <"$work/value/LINES"
  cat out err >>"$work/said"
  collected 0 --json secrets set "$name" file --kind file --file "$work/value/file"
  # What is missing is named; what is there is not shown.
  collected 2 --json init "$name" "$url"
  collected 0 --json secrets set "$name" service --kind file --file "$work/value/service"
  printf %s "$auth" >"$work/value/auth"
  collected 0 --json -vv init "$name" "$url" --auth "file:$work/value/auth"
  expect 0 codchi secrets get "$name" MADE --force
  made=$stdout
  same "${#made}" 40 "length of the value that codchi made"
  echo "$made" >>"$work/canaries"
  # codchi's own key, and the vault's.
  cut -d' ' -f3 "$CODCHI_SECRETS_KEY_FILE" >>"$work/canaries"

  collected 0 --json secrets set "$name" LATER --exact --file "$work/value/LATER"
  collected 0 --json secrets set "$name" service --file "$work/value/changed"
  expect 0 codchi secrets export "$name" --output "$work/value/clear"
  collected 0 --json secrets import "$name" --file "$work/value/clear"
  collected 2 --json secrets get "$name" TOKEN
  for each in list check; do collected 0 --json secrets $each "$name"; done
  # A failure whose message could have a value.
  collected 2 --json secrets set "$name" TOKEN --kind env --file "$work/value/file"
  collected 125 --json exec "$name-no" true
  canary_module two
  collected 0 --json -vv rebuild "$name"
  collected 0 --json rollback "$name"
  collected 0 --json generations "$name"
  collected 0 --json status
  collected 0 --json config list
  collected 0 --json module list "$name"
  collected 0 --json capabilities list "$name"
  collected 0 --json certs list
  collected 0 --json share list "$name"
  collected 0 --json usb list
  collected 0 --json store status
  collected 0 --json logs "$name"
  collected 0 --json gc --dry-run
  traced --json doctor >>"$work/said" 2>&1 || true
  collected 0 -vv exec "$name" true
  collected 0 --json secrets rotate "$name"
  collected 0 --json restart "$name"
  collected 0 --json secrets unset "$name" LATER
  collected 0 --json tar --stop "$name" "$work/plain.tar"
  machines+=("$name-copy" "$name-again" "$name-renamed")
  collected 0 --json duplicate "$name" "$name-copy"
  collected 0 --json rename "$name-copy" "$name-renamed"
  for each in TOKEN LINES; do collected 0 --json secrets set "$name-again" "$each" --kind env --exact --file "$work/value/$each"; done
  for each in file service; do collected 0 --json secrets set "$name-again" "$each" --kind file --file "$work/value/$each"; done
  collected 0 --json import "$work/plain.tar" "$name-again"
  collected 0 --json --yes delete "$name-again"
  collected 0 --json start "$name"
  collected 0 --json stop "$name-renamed"
  collected 0 --json export --format lxc "$name-renamed" "$work/plain.tar.gz"

  # Every command that prints JSON was among them, or has nothing to do with a machine's secrets.
  "$CODCHI" --help | sed -n '/^Commands:/,/^Exit status:/s/^  \([a-z]*\).*/\1/p' >commands
  holds test "$(wc -l <commands)" -gt 20
  for each in $(<commands); do
    case $each in completion | clone | terminal | tray | open) continue ;; esac
    holds grep -qE -- "\"$each\"" <(cat "$work"/trace/* | grep -F '"--no-input"')
  done

  # The search finds what is there to be found.
  expect 0 codchi tar --stop --secrets include "$name" "$work/with.tar"
  holds grep -qaFf "$work/canaries" "$work/with.tar"
  expect 0 codchi start "$name"
  same "$(grep -rhoaFf "$work/canaries" "$work/value" "$CODCHI_SECRETS_KEY_FILE" | sort -u | wc -l)" "$(sort -u "$work/canaries" | wc -l)" "canaries that the search finds"
  rm "$work/value/clear"

  # What codchi said, and what it started.
  same "$(hits grep -oaFf - "$work/said")" "" "values in what was printed"
  same "$(hits grep -loaFf - -r "$work/trace")" "" "values in arguments or environments"
  holds test "$(grep -c execve "$work"/trace/* | awk -F: '{ n += $2 } END { print n }')" -gt 60
  # The archive, and the container daemon's own records.
  same "$(hits grep -oaFf - "$work/plain.tar")" "" "values in the archive"
  gzip -dc "$work/plain.tar.gz" >"$work/plain-image.tar"
  same "$(hits grep -oaFf - "$work/plain-image.tar" "$work/plain.tar.gz.manifest.json")" "" "values in the image"
  rest "/1.0/instances?recursion=2" >instances
  rest "/1.0/operations?recursion=1" >operations
  holds grep -q "$name" instances
  same "$(hits grep -oaFf - instances operations)" "" "values in the container daemon"
  # All files of codchi on this computer: also those of the store's root, as whom they are read in the store.
  as_root "${CODCHI_INSTANCE_PREFIX}store" sh -c 'id -u; ls -d /nix/store /nix/var/nix/db /config /data' >store-root
  same "$(head -n 1 store-root)" 0 "who searches the store"
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" sh -c 'readlink -f "$(command -v grep)"'
  same "$(hits as_root "${CODCHI_INSTANCE_PREFIX}store" "$stdout" -rlaFf - /nix /etc /root /var /tmp)" "" "files in the store"
  same "$(hits grep -rlaFf - "$CODCHI_CONFIG_DIR")" "" "files of codchi's configuration"
  same "$(hits grep -rlaFf - --exclude-dir=nix --exclude-dir=machine "$CODCHI_DATA_DIR")" "" "files of codchi's data"
  for each in "${TMPDIR:-/tmp}" /dev/shm /var/tmp; do
    find "$each" -xdev '(' -type d ! '(' -readable -executable ')' -o -path "$work" ')' -prune -o -user "$(id -un)" -type f -print0 >mine
    status=0
    xargs -0 --no-run-if-empty -a mine grep -laFf "$work/canaries" >"$work/hits" || status=$?
    # grep's status for nothing found, as xargs passes it on; or nothing to search.
    [[ $status == 123 || ! -s mine ]] || unexpected "the search in $each ended with $status"
    same "$(<"$work/hits")" "" "temporary files"
  done
  # In the machine: its disk, its journal, its coredumps, and all that is below /run but the place of the secrets.
  as_root "$(container_of "$name")" journalctl --sync
  same "$(hits as_root "$(container_of "$name")" grep -rlaFf - /etc /var /root /home /tmp /usr /bin /mnt)" "" "files in the machine"
  as_root "$(container_of "$name")" journalctl --no-pager --all --output=export >journal
  holds grep -qa reader.service journal
  same "$(hits grep -oaFf - journal)" "" "values in the journal"
  same "$(hits as_root "$(container_of "$name")" grep -rlaFf - --devices=skip /run | grep -v -e ^/run/codchi/ -e ^/run/credentials/ || true)" "" "files in /run"
  same "$(hits as_root "$(container_of "$name")" sh -c 'cat >/run/c; for f in /proc/[0-9]*/cmdline; do tr "\0" " " <$f 2>/dev/null | grep -aFf /run/c && echo $f; done; rm /run/c')" "" "arguments in the machine"
  # They are where they belong, which is memory.
  as_root "$(container_of "$name")" grep -rlaFf - /run/codchi <"$work/canaries" >places
  holds grep -q /secrets/files/service places
  holds grep -q /env places
  expect 0 codchi exec "$name" stat -f -c %T /run/codchi/secrets/ /run/codchi/env
  prints $'tmpfs\ntmpfs'

  # Another account saw the control, and nothing else.
  if [[ -n ${CODCHI_TESTBED_OBSERVER:-} ]]; then
    other_account end
    holds test "$(wc -l <"$CODCHI_TESTBED_OBSERVER/rounds")" -gt 20
    holds grep -q "ps:$control" "$CODCHI_TESTBED_OBSERVER/seen"
    holds grep -q "cmdline:$control" "$CODCHI_TESTBED_OBSERVER/seen"
    same "$(grep -vF "$control" "$CODCHI_TESTBED_OBSERVER/seen" || true)" "" "what another account sees"
  fi
  # A machine that is gone leaves nothing, the vault included; one that is stopped has no memory.
  expect 0 codchi --yes delete "$name-renamed"
  deleted=$CODCHI_CONFIG_DIR/machine/$name-renamed
  fails test -e "$deleted"
}
