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
  expect 2 codchi export "$name"
  expect 2 codchi export "$name" --format floppy
  expect 2 codchi export "$name" --format iso
  says CODCHI-EXP-005
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
  tar -xOf image.wsl ./nix-path-registration | grep -q '^/nix/store/' || unexpected "the paths are not registered"
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
  fails rest "/1.0/instances/$(container_of "$name")"
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
  for disk in disk.qcow2 disk.ova; do
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
