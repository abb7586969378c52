# Leaving and coming back: archives of machines.
# shellcheck shell=bash disable=SC2154

# nasty_files: files that archives get wrong, in the machine $name.
nasty_files() {
  local long
  long=$(printf '%0200d' 7)
  expect 0 codchi exec "$name" bash -c "
    mkdir -p nasty/$long/$long/$long && cd nasty && echo deep >$long/$long/$long/file
    echo text >plain; chmod 640 plain; ln plain hard; ln -s ../nowhere soft; touch -d '2001-02-03 04:05:06.789' plain
    truncate -s 64M sparse; echo end >>sparse
    printf x >\$'bad\\377name'; echo nl >\$'new\\nline'; : >'  blanks  '; mkdir empty; mkfifo pipe; chmod 4755 '  blanks  '
    echo root >secretly; sudo chown root:root secretly; sudo chmod 600 secretly
    sudo bash -c 'mkdir -p /var/lib/service /etc/mine; echo state >/var/lib/service/state; chown 997:997 /var/lib/service/state; echo mine >/etc/mine/file'"
  # What the tools in the machine cannot make. Files in its home are the person's on both sides.
  local home=$CODCHI_DATA_DIR/machine/$name
  setfattr -n user.note -v hello "$home/nasty/plain"
  # Ids that the person may name: an ACL has to survive archives, and this file system has to know them.
  setfacl -m "u:$(id -u):r--,m::r--" "$home/nasty/hard"
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$home/s.socket"
}

scenario_tar_takes_everything_along() {
  new_name tar
  module tar "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  nasty_files
  expect 4 codchi tar "$name" "$name.tar"
  says CODCHI-MCH-009
  fails test -e "$name.tar"
  expect 0 codchi tar --stop "$name" running.tar
  expect 0 codchi exec "$name" greet
  prints one

  expect 0 codchi stop "$name"
  expect 0 codchi --json tar "$name" "$name.tar"
  same "$(jq -r '.skipped[]' <<<"$stdout")" /home/codchi/s.socket "what is left out"
  # The same again, byte for byte, however it is packed and wherever it goes.
  expect 0 codchi tar "$name" "$name.tar.zst"
  expect 0 codchi tar "$name" "$name.tar.gz"
  expect 0 codchi tar "$name" "$name.tar.xz"
  codchi --quiet tar "$name" - >stdout.tar
  zstd -dcq "$name.tar.zst" | cmp - "$name.tar"
  gzip -dc "$name.tar.gz" | cmp - "$name.tar"
  xz -dc "$name.tar.xz" | cmp - "$name.tar"
  cmp stdout.tar "$name.tar"
  same "$(rest "/1.0/instances/$(container_of "$name")" | jq -r '.metadata | .status, .config["raw.lxc"], ([.devices | keys[] | select(startswith("bare-"))] | length)')" \
    "Stopped
null
0" "the container afterwards"
  fails test -e "$CODCHI_DATA_DIR/transfer/$name"

  # What is in it.
  mkdir tree
  tar -C tree --xattrs -pxf "$name.tar" --exclude=./var --exclude=./root --exclude=./mnt --exclude=./home/codchi/nasty/secretly
  local home=$CODCHI_DATA_DIR/machine/$name nasty=tree/home/codchi/nasty
  same "$(cd "$home/nasty" && find . ! -name secretly -printf '%P %y %m %s %l %n %TY-%Tm-%Td %TT\n' | LC_ALL=C sort)" \
    "$(cd "$nasty" && find . -printf '%P %y %m %s %l %n %TY-%Tm-%Td %TT\n' | LC_ALL=C sort)" "the nasty files"
  same "$(stat -c %i "$nasty/plain")" "$(stat -c %i "$nasty/hard")" "the hard link"
  (($(stat -c %b "$nasty/sparse") < 1024)) || unexpected "the hole was filled"
  same "$(getfattr --only-values -n user.note "$nasty/plain")" hello "the attribute"
  holds grep -qa 'SCHILY.acl.access=user::rw-' "$name.tar"
  tar --numeric-owner -tvf "$name.tar" >list
  holds grep -qE '^-rw------- 0/0 .* \./home/codchi/nasty/secretly$' list
  holds grep -qE '^-rw-r----- 1000/100 .* \./home/codchi/nasty/(plain|hard)' list
  holds grep -qE '^-rw-r--r-- 997/997 .* \./var/lib/service/state$' list
  holds test -f tree/etc/mine/file
  fails grep -qE ' \./(nix|dev|proc|sys|run|tmp|usr|bin)/| \./etc/(passwd|shadow|machine-id|static)|var/log/journal| \./$' list
  same "$(. tree/etc/codchi-env && echo "$CODCHI_MACHINE_NAME")" "$name" "the machine's name"
  fails grep -q codchi_driver tree/etc/nixos/flake.lock
  holds grep -q "driver = \"none\"" tree/etc/nixos/flake.nix
}

scenario_tar_leaves_no_half_file() {
  new_name tarbad
  expect 0 codchi init "$name"
  expect 0 codchi stop "$name"
  local home=$CODCHI_DATA_DIR/machine/$name
  head -c 20000000 /dev/urandom >"$home/noise"

  expect 3 codchi tar nobody x.tar
  expect 2 codchi tar "$name" nowhere/x.tar
  says CODCHI-EXP-002
  expect 2 codchi tar "$name" .
  expect 2 codchi tar "$name" "$home/x.tar"
  says "inside the home"
  ln -s "$home" sneaky
  expect 2 codchi tar "$name" sneaky/x.tar
  echo precious >old.tar
  expect 4 codchi tar "$name" old.tar
  same "$(<old.tar)" precious "a file that is in the way"
  mkdir readonly && chmod 500 readonly
  expect 2 codchi tar "$name" readonly/x.tar
  status=0
  codchi tar "$name" - >/dev/full 2>err || status=$?
  same "$status $(grep -c CODCHI-DRV-005 err)" "5 1" "a full disk"

  # Killed in the middle: nothing has the name, the machine's container stops, and the next run tidies up.
  mkfifo slow
  command "$CODCHI" --no-input tar "$name" - >slow 2>killed.err </dev/null &
  local pid=$!
  exec 7<slow
  head -c 200000 <&7 >/dev/null
  kill -KILL "$pid"
  wait "$pid" || true
  exec 7<&-
  local waited=0
  until [[ $(rest "/1.0/instances/$(container_of "$name")" | jq -r .metadata.status) == Stopped ]]; do
    ((waited++ < 100)) || unexpected "the container goes on after codchi was killed"
    sleep 0.1
  done
  # So it is with a file, which is a hidden one until it is complete. Nobody waits for a day until that is removed.
  local deadline=$((SECONDS + 60))
  command "$CODCHI" --no-input tar "$name" killed.tar 2>>killed.err </dev/null &
  pid=$!
  until [[ -s $(compgen -G '.codchi-*.part') ]]; do
    kill -0 "$pid" || unexpected "the export ends by itself: $(<killed.err)"
    ((SECONDS < deadline)) || unexpected "the export does not come to work: $(<killed.err)"
    read -rt 0.02 <> <(:) || :
  done
  # Another that comes meanwhile takes nothing away from one that is at work.
  kill -STOP "$pid"
  expect 3 codchi tar nobody x.tar
  holds compgen -G '.codchi-*.part'
  kill -KILL "$pid"
  wait "$pid" || true
  holds compgen -G '.codchi-*.part'
  fails test -e killed.tar
  expect 0 codchi tar "$name" after.tar
  says "Tidying up"
  same "$(ls)" "$(printf '%s\n' after.tar err killed.err log old.tar out readonly slow sneaky)" "files left behind"
  same "$(find . -name '.*.part')" "" "hidden files left behind"
}

scenario_tar_takes_secrets_when_asked() {
  new_name tarsec
  export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/data-key
  module tarsec '{ codchi.secrets.env.TOKEN.description = "A token."; codchi.secrets.files.key.description = "A key."; }'
  printf '%s' 'to$ken"s' >token
  printf k3y-canary >key
  expect 0 codchi secrets set "$name" TOKEN --kind env --file token
  expect 0 codchi secrets set "$name" key --kind file --file key
  expect 0 codchi init "$name" "$url"
  expect 0 codchi tar --stop "$name" without.tar
  fails grep -qaE 'to.ken|k3y-canary' without.tar
  expect 0 codchi tar --stop --secrets include "$name" with.tar
  mkdir tree && tar -C tree -xf with.tar ./etc
  same "$(. tree/etc/codchi-env && echo "$CODCHI_TOKEN")" 'to$ken"s' "the variable"
  same "$(<tree/etc/codchi-secrets/files/key)" k3y-canary "the file"
  same "$(stat -c %a tree/etc/codchi-env tree/etc/codchi-secrets/files/key with.tar | tr '\n' ' ')" "400 400 600 " "modes"
}

# The places of strange_files: the container's own root, and the home, which is a directory of the host.
strange_places=(/var/lib/strange /home/codchi/strange /etc/strange)

# strange_files: trees with everything that archives get wrong, in the machine $name. Containers cannot make device nodes.
strange_files() {
  "$here/strange-tree" make >strange.tar
  local place
  for place in "${strange_places[@]}"; do
    command "$CODCHI" --no-input exec "$name" sudo bash -c "mkdir $place && cd $place && tar --acls --xattrs --xattrs-include='*' --numeric-owner -xpf - &&
      truncate -s 40M hole && truncate -s 60M holes && for at in 0 7 8 31 50; do head -c 70000 /dev/urandom | dd of=holes bs=1M seek=\$at conv=notrunc status=none; done &&
      head -c 300000 /dev/urandom >holes-end && truncate -s 20M holes-end && touch -d @11.000000011 hole* ." <strange.tar 2>>strange.log || unexpected "$(<strange.log)"
  done
  # Links from /etc into the store are the configuration's, and are left out.
  expect 0 codchi exec "$name" sudo rm /etc/strange/soft-absolute
}

# strange_manifest FILE: all that programs in the machine $name find out about these trees.
strange_manifest() {
  local place
  for place in "${strange_places[@]}"; do
    codchi exec "$name" sudo find "$place" -printf '%P\t%y\t%m\t%U:%G\t%s\t%T@\t%l\t%i\t%b\0' >files || unexpected "find in $place"
    codchi exec "$name" sudo bash -c "cd $place && find . -type f -print0 | xargs -0 sha256sum -z" >sums || unexpected "sha256sum in $place"
    codchi exec "$name" sudo tar --format=posix --acls --xattrs --xattrs-include='*' --sparse -C "$place" -cf - . >attributes.tar || unexpected "tar in $place"
    echo "$place"
    "$here/strange-tree" describe files sums attributes.tar
  done >"$1"
  rm files sums attributes.tar
}

# What programs in the imported machine find is what they found in the original: contents, modes, owners, times to the nanosecond,
# attributes, access lists, hard links, holes, and names of any bytes.
scenario_files_come_back_identical() {
  new_name strange
  expect 0 codchi init "$name"
  strange_files
  strange_manifest before
  (($(wc -l <before) > 200)) || unexpected "the manifest has too little: $(wc -l <before) lines"
  same "$(grep -c "'SCHILY.xattr.security.capability'" before) $(grep -c "'SCHILY.acl.default'" before) $(grep -c ' sparse ' before)" "3 3 9" "what the original has"
  expect 0 codchi stop "$name"
  local original=$name format file
  for format in tar lxc; do
    file=strange-$format.tar
    expect 0 codchi export "$original" --format "$format" "$file"
    new_name "strange$format"
    expect 0 codchi import "$file" "$name"
    strange_manifest after
    diff before after || unexpected "the files are not the same after $format"
    expect 0 codchi --yes delete "$name"
    rm -f "$file"
  done
}

scenario_import_brings_a_machine_back() {
  new_name back
  module back "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  nasty_files
  expect 0 codchi tar --stop --quiet "$name" first.tar.zst
  local original=$name
  new_name again
  expect 4 codchi import first.tar.zst "$original"
  # Anything but the whole archive: nothing is made.
  zstd -dcq first.tar.zst >first.tar
  head -c 100000 first.tar >cut.tar
  head -c 3000 first.tar.zst >cut.tar.zst
  head -c 3000 /dev/urandom >noise.tar
  ln -s /etc escape && tar -cf escape.tar escape && rm escape && mkdir escape && echo x >escape/passwd && tar -rf escape.tar escape/passwd
  tar -cPf absolute.tar /etc/hostname
  local bad
  for bad in cut.tar cut.tar.zst noise.tar escape.tar absolute.tar nowhere.tar .; do
    expect 2 codchi import "$bad" "$name"
    says CODCHI-EXP-004
  done
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"
  absent "/1.0/instances/$(container_of "$name")"

  expect 0 codchi import first.tar.zst "$name"
  expect 0 codchi exec "$name" greet
  prints one
  expect 0 codchi exec "$name" sudo cat /home/codchi/nasty/secretly /var/lib/service/state /etc/mine/file
  prints "root
state
mine"
  local here_home=$CODCHI_DATA_DIR/machine/$name there_home=$CODCHI_DATA_DIR/machine/$original
  same "$(getfacl --absolute-names --omit-header --numeric "$here_home/nasty/plain")" "$(getfacl --absolute-names --omit-header --numeric "$there_home/nasty/plain")" "the access list"
  getfacl --absolute-names --omit-header --numeric "$here_home/nasty/plain" | grep -qx "user:$(id -u):r--" || unexpected "the access list lacks the person"
  same "$(getfattr --absolute-names --only-values -n user.note "$here_home/nasty/hard")" hello "the attribute"
  # What comes out again is what went in, but for the machine's name and what its first start wrote.
  expect 0 codchi tar --stop --quiet "$name" second.tar
  mkdir one two
  tar -C one -pxf first.tar ./home --exclude=./home/codchi/nasty/secretly
  tar -C two -pxf second.tar ./home --exclude=./home/codchi/nasty/secretly
  same "$(tar --numeric-owner -tvf first.tar ./home/codchi/nasty)" "$(tar --numeric-owner -tvf second.tar ./home/codchi/nasty)" "the nasty files' headers"
  holds diff -r --no-dereference one/home/codchi/nasty/plain two/home/codchi/nasty/plain
  same "$(sha256sum <one/home/codchi/nasty/sparse)" "$(sha256sum <two/home/codchi/nasty/sparse)" "the sparse file"
}

# Paths and sizes in and around codchi's directories. The machines' files and nix's own store and caches are not codchi's:
# the first disk image makes nix fetch the program that reads it.
everything_but_archives() {
  find . "$CODCHI_CONFIG_DIR" "$CODCHI_DATA_DIR" \( -path ./archives -o -path ./before -o -path ./after \
    -o -path "$CODCHI_DATA_DIR/log" -o -path "$CODCHI_DATA_DIR/nix" -o -path "$CODCHI_DATA_DIR/machine" \
    -o -path "$CODCHI_DATA_DIR/store/home/.cache" \) -prune -o -printf '%p %s\n' 2>/dev/null | sort
}

scenario_import_refuses_hostile_archives() {
  new_name hostile
  mkdir archives outside
  echo mine >outside/a
  same "$("$here/hostile-archives" archives)" 200 "the number of archives"
  everything_but_archives >before
  # Each has its own result: which was not refused, or for another reason than itself, is named.
  export CODCHI name
  find archives -type f | sort | xargs -P 2 -I{} bash -c '
    status=0
    "$CODCHI" --no-input import {} "$name" >{}.out 2>&1 </dev/null || status=$?
    [[ $status -eq 2 ]] && grep -q CODCHI-EXP-004 {}.out || { echo "{}: $status"; cat {}.out; }' >accepted
  same "$(<accepted)" "" "what was not refused"
  same "$(grep -l CODCHI-EXP-004 archives/*.out | wc -l)" 200 "the number of refusals"
  rm accepted
  everything_but_archives >after
  holds diff before after
  same "$(<outside/a)" mine "a file outside"
  absent "/1.0/instances/$(container_of "$name")"
  fails test -e "$CODCHI_DATA_DIR/machine/$name"
}

scenario_import_brings_secrets_and_leaves_nothing_when_killed() {
  new_name impsec
  export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/data-key
  module impsec '{ codchi.secrets.env.TOKEN.description = "A token."; codchi.secrets.files.key.description = "A key."; }'
  printf '%s' "to\$ken'\"s" >token
  printf k3y-canary >key
  expect 0 codchi secrets set "$name" TOKEN --kind env --file token
  expect 0 codchi secrets set "$name" key --kind file --file key
  expect 0 codchi init "$name" "$url"
  head -c 30000000 /dev/urandom >"$CODCHI_DATA_DIR/machine/$name/noise"
  expect 0 codchi tar --stop --secrets include "$name" with.tar
  expect 0 codchi tar --stop "$name" without.tar
  local original=$name
  new_name killed
  # Without them there is no machine, and with them nothing is asked.
  expect 2 codchi import without.tar "$name"
  says TOKEN
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"

  # Killed while it unpacks: the next run removes everything, the secrets of the archive included.
  command "$CODCHI" --no-input import with.tar "$name" >killed.out 2>&1 </dev/null &
  local pid=$!
  local deadline=$((SECONDS + 120))
  until grep -q "Unpacking the files" killed.out; do
    ((SECONDS < deadline)) || unexpected "it does not come to unpacking: $(<killed.out)"
    read -rt 0.05 <> <(:) || :
  done
  kill -KILL "$pid"
  wait "$pid" || true
  holds test -e "$CODCHI_CONFIG_DIR/machine/$name/secrets.vault"
  expect 0 codchi tar --stop --force "$original" without.tar
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"
  fails test -e "$CODCHI_DATA_DIR/machine/$name"
  absent "/1.0/instances/$(container_of "$name")"
  same "$(find "$CODCHI_DATA_DIR/journal" -name "*$name*")" "" "the journal"

  expect 0 codchi --json import with.tar "$name"
  same "$(jq .secrets <<<"$stdout")" 2 "the number of secrets"
  expect 0 codchi exec "$name" bash -c 'printf "%s\n" "$CODCHI_TOKEN"; cat /run/codchi/secrets/files/key'
  prints "to\$ken'\"s
k3y-canary"
}

scenario_import_takes_archives_of_the_original() {
  new_name original
  export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/data-key
  module original '{ pkgs, ... }: {
    codchi.secrets.env.TOKEN.description = "A token.";
    environment.systemPackages = [ (pkgs.writeShellScriptBin "greet" "echo greetings") ];
  }'
  # What its documents say of it: the machine's root with a flake of this form, and the secrets in clear text.
  mkdir -p old/etc/nixos old/home/codchi/project old/root old/var/lib/service
  cat >old/etc/nixos/flake.nix <<F
{
  inputs = {
    codchi_driver.url = "github:aformatik/codchi/master";
    "base".url = "$url";
    "other".url = "git+https://somebody:hush-hush@git.example.org/team/other.git?";
  };
  outputs = inputs: {
    nixosConfigurations.nixos = inputs."base".inputs.nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [
        { _module.args.inputs.nixpkgs = inputs."base".inputs.nixpkgs; codchi.driver.name = "none"; }
        inputs.codchi_driver.nixosModules.default
        inputs."base".nixosModules.default
        inputs."other".nixosModules.web
      ];
    };
  };
}
F
  echo '{}' >old/etc/nixos/flake.lock
  printf 'export CODCHI_DEBUG=""\nexport CODCHI_TOKEN="to$ken"s"\nexport CODCHI_MACHINE_NAME="old"\n' >old/etc/codchi-env
  echo kept >old/home/codchi/project/file
  echo state >old/var/lib/service/state
  tar -C old --numeric-owner --owner=1000 --group=100 -cf old.tar ./home
  tar -C old --numeric-owner --owner=0 --group=0 -rf old.tar ./etc ./root
  tar -C old --numeric-owner --owner=997 --group=997 -rf old.tar ./var/lib/service

  expect 0 codchi import old.tar "$name"
  says "codchi module add $name '$url' 'nixosModules.default'"
  says "codchi module add $name 'git+https://git.example.org/team/other.git?' 'nixosModules.web' --auth -"
  [[ $stderr != *hush* && $stderr != *aformatik* ]] || unexpected "it says more than it should"
  expect 0 codchi exec "$name" bash -c 'cat project/file; stat -c "%U:%G" project/file; sudo cat /var/lib/service/state; sudo stat -c %u:%g /var/lib/service/state'
  prints "kept
codchi:users
state
997:997"
  expect 0 codchi module add "$name" "$url" nixosModules.default
  expect 0 codchi exec "$name" bash -lc 'greet; printf "%s\n" "$CODCHI_TOKEN"'
  prints 'greetings
to$ken"s'
}
