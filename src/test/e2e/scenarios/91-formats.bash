# Machines as something else: images of containers and of virtual machines, and back.
# shellcheck shell=bash disable=SC2154

# daemon METHOD PATH [CURL-OPTION...]: a request that the container daemon works on; waits, and prints the operation.
daemon() {
  local method=$1 path=$2 operation
  shift 2
  operation=$(curl -fsS --unix-socket "$CODCHI_LXD_SOCKET" -X "$method" "$@" "http://daemon$path" | jq -r .operation)
  curl -fsS --unix-socket "$CODCHI_LXD_SOCKET" "http://daemon$operation/wait" | jq -e 'if .metadata.status_code == 200 then .metadata else error(.metadata.err) end'
}

# inside COMMAND...: the output of a program in the container $guest.
inside() {
  local log
  log=$(daemon POST "/1.0/instances/$guest/exec" -d "$(python3 -c 'import json, sys; print(json.dumps({"command": sys.argv[1:], "record-output": True, "wait-for-websocket": False, "interactive": False}))' "$@")" | jq -r '.metadata.output["1"]')
  curl -fsS --unix-socket "$CODCHI_LXD_SOCKET" "http://daemon$log"
}

# lived_in NAME: a machine with a command "greet", which also greets on the console when it starts, and files of a user, of root and of a service.
lived_in() {
  module "$1" "{ pkgs, ... }: let greet = pkgs.writeShellScriptBin \"greet\" \"echo greetings\"; in {
    environment.systemPackages = [ greet ];
    systemd.services.show = {
      wantedBy = [ \"multi-user.target\" ];
      serviceConfig = { Type = \"oneshot\"; StandardOutput = \"journal+console\"; };
      script = \"if [ -e /home/codchi/note ]; then echo \\\"note: \$(cat /home/codchi/note), command: \$(\${greet}/bin/greet), service: \$(stat -c %u:%g /var/lib/service/state)\\\"; fi\";
    };
  }"
  expect 0 codchi init "$name" "$url"
  expect 0 codchi exec "$name" bash -c 'echo made in the machine >note; ln note linked
    sudo bash -c "mkdir -p /var/lib/service; echo state >/var/lib/service/state; chown 1234:1234 /var/lib/service/state"'
}

# whole FILE: what stands in the manifest is what is in the file.
whole() {
  same "$(jq -r '.files[0] | "\(.sha256) \(.size) \(.name)"' "$1.manifest.json")" "$(sha256sum <"$1" | cut -d ' ' -f 1) $(stat -c %s "$1") ${1##*/}" "the manifest"
}

scenario_export_for_containers() {
  new_name container
  lived_in container
  local original=$name
  image=
  expect 0 codchi --json export "$name" --list-formats
  same "$(jq -r '[.formats[] | select(.available) | .format] | join(" ")' <<<"$stdout")" \
    "tar flake qcow2 raw vmdk ova vhdx lxc incus wsl oci" "the formats"
  # Two that look at one machine at once do not get into each other's way.
  command "$CODCHI" --no-input export "$name" --list-formats >other.out 2>&1 </dev/null &
  local other=$!
  expect 0 codchi export "$name" --list-formats
  wait "$other" || unexpected "the other one failed: $(<other.out)"
  expect 2 codchi export "$name"
  expect 2 codchi export "$name" --format floppy
  expect 2 codchi export "$name" --format iso
  says CODCHI-EXP-005
  says "Choose raw"
  expect 0 codchi export --list-formats
  [[ $stdout =~ iso[^$'\n']*"not made" ]] || unexpected "discs are listed as made: $stdout"
  expect 4 codchi export "$name" --format lxc image.tar.gz
  says CODCHI-MCH-009
  expect 0 codchi stop "$name"
  expect 2 codchi export "$name" --format lxc --state none --secrets include image.tar.gz
  expect 2 codchi export "$name" --format lxc --verify image.tar.gz
  expect 0 codchi --json export "$name" --format lxc --dry-run
  same "$(jq '.systemBytes > 100000000 and .stateBytes > 10000 and .seconds > 0' <<<"$stdout")" true "the estimate"
  fails test -e "$name-lxc.tar.gz"

  # LXD or Incus takes the image, and a machine of codchi's is what it starts.
  expect 0 codchi --json export "$name" --format lxc image.tar.gz
  whole image.tar.gz
  image=$(daemon POST /1.0/images -H 'Content-Type: application/octet-stream' --data-binary @image.tar.gz | jq -r .metadata.fingerprint)
  guest=$CODCHI_INSTANCE_PREFIX-guest-$$
  trap 'daemon PUT "/1.0/instances/$guest/state" -d "{\"action\":\"stop\",\"force\":true}" >/dev/null 2>&1; daemon DELETE "/1.0/instances/$guest" >/dev/null; daemon DELETE "/1.0/images/$image" >/dev/null; tidy >/dev/null 2>&1' EXIT
  daemon POST /1.0/instances -d "$(jq -nc --arg name "$guest" --arg image "$image" --arg pool "$CODCHI_LXD_POOL" --arg network "$CODCHI_LXD_NETWORK" '{name: $name, profiles: [],
    source: {type: "image", fingerprint: $image}, config: {"security.nesting": "true"},
    devices: {root: {type: "disk", path: "/", pool: $pool}, eth0: {type: "nic", name: "eth0", network: $network}}}')" >/dev/null
  daemon PUT "/1.0/instances/$guest/state" -d '{"action":"start"}' >/dev/null
  local sw=/run/current-system/sw/bin
  local deadline=$((SECONDS + 180))
  until inside $sw/systemctl is-system-running --wait 2>/dev/null | grep -qx running; do
    ((SECONDS < deadline)) || unexpected "the container does not start: $(inside $sw/systemctl --failed --no-legend; inside $sw/systemctl list-jobs)"
    read -rt 0.5 <> <(:) || :
  done
  same "$(inside $sw/bash -lc 'greet; cat /home/codchi/note; stat -c "%U %h" /home/codchi/note; stat -c %u:%g /var/lib/service/state; nix path-info /run/current-system >/dev/null && echo known; id -un 1000')" \
    "greetings
made in the machine
codchi 2
1234:1234
known
codchi" "the machine as a container"

  # The same from the other images, and back as machines; what is hostile or cut off is refused.
  expect 0 codchi export "$original" --format oci image.oci
  whole image.oci
  mkdir oci && tar -C oci -xf image.oci
  (cd oci/blobs/sha256 && for blob in *; do same "$(sha256sum <"$blob" | cut -d ' ' -f 1)" "$blob" "a blob"; done)
  local layer
  layer=$(jq -r '.manifests[0].digest | sub(":"; "/")' oci/index.json)
  layer=$(jq -r '.layers[0].digest | sub(":"; "/")' "oci/blobs/$layer")
  tar -tf "oci/blobs/$layer" >list
  holds grep -qx ./sbin/init list
  holds grep -qx ./home/codchi/note list
  rm -r oci
  expect 0 codchi export "$original" --format wsl image.wsl
  holds grep -q '^/nix/store/' <(tar -xOf image.wsl ./nix-path-registration)
  expect 0 codchi export "$original" --format lxc --state none empty.tar
  fails grep -q home/codchi/note <(tar -tf empty.tar)
  rm empty.tar
  expect 0 codchi export "$original" --format flake flake
  holds test -f flake/flake.nix -a -f flake/codchi-driver/flake.nix
  expect 4 codchi export "$original" --format flake flake

  new_name fromcontainer
  head -c 1000000 image.oci >cut.oci
  expect 2 codchi import cut.oci "$name"
  cp image.tar.gz other.tar.gz
  sed 's|codchi/export/1|codchi/export/2|' image.tar.gz.manifest.json >other.tar.gz.manifest.json
  expect 2 codchi import other.tar.gz "$name"
  says "Update codchi"
  sed 's|"sha256" : "....|"sha256" : "0000|' image.tar.gz.manifest.json >other.tar.gz.manifest.json
  expect 2 codchi import other.tar.gz "$name"
  says "not the file"
  absent "/1.0/instances/$(container_of "$name")"
  local file
  for file in image.tar.gz image.oci image.wsl; do
    expect 0 codchi import "$file" "$name"
    expect 0 codchi exec "$name" bash -c 'greet; cat note; stat -c %h note; stat -c %u:%g /var/lib/service/state'
    prints "greetings
made in the machine
2
1234:1234"
    expect 0 codchi --yes delete "$name"
  done
}

scenario_killed_export_leaves_nothing() {
  new_name expkill
  expect 0 codchi init "$name"
  expect 0 codchi stop "$name"
  local signal pid deadline
  for signal in TERM KILL; do
    command "$CODCHI" --no-input export "$name" --format oci image.oci >killed.out 2>&1 </dev/null &
    pid=$!
    deadline=$((SECONDS + 120))
    until [[ -s $(compgen -G "$CODCHI_DATA_DIR/export/*/layer.tar") ]]; do
      kill -0 "$pid" || unexpected "the export ends by itself: $(<killed.out)"
      ((SECONDS < deadline)) || unexpected "the export does not come to work: $(<killed.out)"
      read -rt 0.05 <> <(:) || :
    done
    kill -"$signal" "$pid"
    wait "$pid" || true
    # Who is asked to end tidies up; who is killed cannot, and leaves it to whatever codchi does next.
    [[ $signal == TERM ]] || expect 0 codchi status
    same "$(ls -A "$CODCHI_DATA_DIR/export")" "" "what the export worked with after SIG$signal"
    fails test -e image.oci
    fails test -e image.oci.manifest.json
  done
  expect 0 codchi export "$name" --format oci image.oci
  whole image.oci
  same "$(ls -A "$CODCHI_DATA_DIR/export")" "" "what the export worked with"
}

scenario_export_boots() {
  new_name disk
  lived_in disk
  local original=$name
  expect 0 codchi stop "$name"
  expect 0 codchi export "$name" --format qcow2 --verify disk.qcow2
  whole disk.qcow2
  same "$(jq -r '"\(.format) \(.image) \(.state) \(.secrets)"' disk.qcow2.manifest.json)" "qcow2 raw true false" "the manifest"
  same "$(qemu-img info --output=json disk.qcow2 | jq -r .format)" qcow2 "the format"
  holds qemu-img check -q disk.qcow2
  expect 0 codchi export "$name" --format vmdk disk.vmdk
  expect 0 codchi export "$name" --format ova disk.ova
  expect 0 codchi export "$name" --format vhdx disk.vhdx
  expect 0 codchi export "$name" --format raw disk.raw
  (($(stat -c %b disk.raw) * 512 < $(stat -c %s disk.raw))) || unexpected "the raw disk has no holes"
  # One disk, however it is packed.
  local disk
  for disk in disk.qcow2 disk.vmdk disk.vhdx; do holds qemu-img compare -q disk.raw "$disk"; done
  mkdir ova && tar -C ova -xf disk.ova
  same "$(cd ova && sed 's/SHA256(\(.*\))= \(.*\)/\2  \1/' ./*.mf | sha256sum --check --quiet --strict 2>&1)" "" "the sums in the appliance"
  holds qemu-img compare -q disk.raw ova/*.vmdk
  holds python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' ova/*.ovf

  # Before it was started, a disk is a copy of the machine.
  new_name fromdisk
  qemu-img create -q -f qcow2 -b "$PWD/disk.raw" -F raw layered.qcow2
  expect 2 codchi import layered.qcow2 "$name"
  says "from another file"
  for disk in disk.qcow2 disk.ova disk.vmdk disk.vhdx disk.raw; do
    expect 0 codchi import "$disk" "$name"
    expect 0 codchi exec "$name" bash -c 'greet; cat note; stat -c %u:%g /var/lib/service/state'
    prints "greetings
made in the machine
1234:1234"
    expect 0 codchi --yes delete "$name"
  done

  # It starts with the machine's files, and from then on they are its own.
  rm disk.qcow2.manifest.json
  background qemu-system-x86_64 -machine q35 -cpu max -accel tcg,thread=multi -smp 2 -m 1024 -drive file=disk.qcow2,format=qcow2,if=virtio \
    -no-reboot -display none -serial file:console -monitor none -nic none
  local qemu=$! deadline=$((SECONDS + 600))
  until grep -q 'note: ' console 2>/dev/null; do
    kill -0 "$qemu" 2>/dev/null || unexpected "QEMU ended: $(tail -c 2000 console)"
    ((SECONDS < deadline)) || unexpected "the disk does not start: $(tail -c 2000 console)"
    read -rt 1 <> <(:) || :
  done
  grep -q 'note: made in the machine, command: greetings, service: 1234:1234' console || unexpected "$(grep 'note: ' console)"
  kill "$qemu"
  wait "$qemu" || true
  expect 2 codchi import disk.qcow2 "$name"
  says "was started since"
}

# a_nixos: an installed system that never heard of codchi; $disk is its disk. The stand-in is built in the machine $name, for want of another
# nix. Who sits at its console does what the second disk says.
a_nixos() {
  cat >"$CODCHI_DATA_DIR/machine/$name/configuration.nix" <<N
{ lib, pkgs, ... }:
{
  networking.hostName = "elsewhere";
  users.users.codchi = { isNormalUser = true; extraGroups = [ "wheel" ]; };
  environment.systemPackages = [ pkgs.git ];
  nix.settings = { substituters = "$CODCHI_STORE_SUBSTITUTERS"; trusted-public-keys = "$CODCHI_STORE_TRUSTED_PUBLIC_KEYS"; build-users-group = ""; sandbox = false; };
  boot.kernelParams = [ "console=ttyS0,115200n8" ];
  systemd.services.network = {
    wantedBy = [ "multi-user.target" ];
    path = [ pkgs.iproute2 pkgs.coreutils ];
    serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
    script = "card=\$(basename /sys/bus/virtio/drivers/virtio_net/virtio*/net/*); ip address add 10.0.2.15/24 dev \$card; ip link set \$card up; ip route add default via 10.0.2.2";
  };
  systemd.services.person = {
    wantedBy = [ "multi-user.target" ];
    after = [ "multi-user.target" ];
    restartIfChanged = false;
    serviceConfig = {
      StandardOutput = "journal+console";
      StandardError = "journal+console";
      ExecStart = "/run/current-system/sw/bin/env HOME=/root PATH=/run/current-system/sw/bin bash /dev/vdb";
    };
  };
}
N
  expect 0 codchi exec "$name" nix build --impure --no-link --print-out-paths --expr "
    ((builtins.getFlake \"$CODCHI_NIXPKGS\").lib.nixosSystem { system = \"x86_64-linux\"; modules = [ /home/codchi/configuration.nix ]; }).config.system.build.images.raw"
  disk=elsewhere.qcow2
  qemu-img create -q -f qcow2 -b "$CODCHI_DATA_DIR/${stdout#/}/nixos.raw" -F raw "$disk"
}

# The way out by hand, in the five steps of docs/migrating.md, into a system with its own configuration.
scenario_export_boots_after_the_five_steps() {
  new_name away
  # nix asks a git server for the locked commit by its number, which files alone cannot answer, and the mirror has nothing else.
  module() {
    local repository=$1-$$.git
    mkdir -p "module-$1" "$CODCHI_TESTBED_GIT/$repository"
    printf '{ outputs = { self }: { nixosModules.default = %s; }; }\n' "$2" >"module-$1/flake.nix"
    tar -czf "$CODCHI_TESTBED_GIT/$repository/module.tar.gz" "module-$1"
    url=$CODCHI_TESTBED_MIRROR/$repository/module.tar.gz
  }
  lived_in away
  # 1. Install NixOS; call the user codchi.
  a_nixos
  # 2. Write the machine's files to an archive.
  expect 0 codchi tar --stop "$name" my-files.tar
  # 3. to 5., as root; nixos-rebuild is what its last three lines do.
  {
    cat <<'S'
trap 'echo "person: step failed: $BASH_COMMAND"; exit 1' ERR
! command -v greet
mkdir -p /etc/nixos
cat >/etc/nixos/configuration.nix <<'N'
S
    cat "$CODCHI_DATA_DIR/machine/$name/configuration.nix"
    cat <<'S'
N
cd /
tar --no-overwrite-dir -xf /dev/vdc
chmod 755 /
# As somebody does who does not know that the flake has it already.
sed -i 's|^ *modules = \[|&\n          ./configuration.nix|' /etc/nixos/flake.nix
system=$(nix build --no-link --print-out-paths "/etc/nixos#nixosConfigurations.nixos.config.system.build.toplevel")
nix-env -p /nix/var/nix/profiles/system --set "$system"
"$system/bin/switch-to-configuration" switch
note=/home/codchi/note
echo "person: $(cat $note), $(stat -c %U:%G:%h $note), $(runuser -u codchi -- greet), $(stat -c %u:%g /var/lib/service/state), $(. /etc/codchi-env && echo "$CODCHI_MACHINE_NAME") at $(cat /proc/sys/kernel/hostname)"
exit
S
  } >steps
  truncate -s %512 steps
  background qemu-system-x86_64 -machine q35 -cpu max -accel tcg,thread=multi -smp 2 -m 2048 -no-reboot -display none -serial file:console -monitor none \
    -nic user,model=virtio-net-pci -drive "file=$disk,format=qcow2,if=virtio" -drive file=steps,format=raw,if=virtio -drive file=my-files.tar,format=raw,if=virtio
  local qemu=$! deadline=$((SECONDS + 900))
  until grep -q 'person: ' console 2>/dev/null; do
    kill -0 "$qemu" 2>/dev/null || unexpected "QEMU ended: $(tail -c 2000 console)"
    ((SECONDS < deadline)) || unexpected "the steps do not end: $(tail -c 3000 console)"
    read -rt 1 <> <(:) || :
  done
  kill "$qemu"
  wait "$qemu" || true
  grep -qF "person: made in the machine, codchi:users:2, greetings, 1234:1234, $name at elsewhere" console || unexpected "$(tail -c 3000 console)"
}
