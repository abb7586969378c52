# A disk that a virtual machine starts from: GRUB before the first partition, and an ext4 file system with everything.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.image;
  toplevel = config.system.build.toplevel;
  disk = program: "${pkgs.diskroot}/lib/ld-linux-x86-64.so.2 --library-path ${pkgs.diskroot}/lib ${pkgs.diskroot}/bin/${program}";

  initrd = pkgs.run {
    name = "initrd";
    script = ''
      mkdir -p root/bin root/modules root/proc root/sys root/dev root/mnt
      cp ${pkgs.seed}/bin/busybox root/bin/busybox
      for a in sh mount insmod findfs switch_root sleep mkdir; do ln -s busybox root/bin/$a; done
      cp ${pkgs.diskroot}/boot/modules/* root/modules/
      cat >root/init <<'I'
      #!/bin/sh
      mount -t proc proc /proc
      mount -t sysfs sysfs /sys
      mount -t devtmpfs devtmpfs /dev
      for m in /modules/*; do insmod "$m" || true; done
      init=
      for word in $(cat /proc/cmdline 2>/dev/null || read -r line </proc/cmdline && echo "$line"); do
        case $word in init=*) init=''${word#init=} ;; esac
      done
      until root=$(findfs LABEL=standin); do sleep 0.1; done
      mount -t ext4 "$root" /mnt
      for d in proc sys dev; do mount --move /$d /mnt/$d; done
      exec switch_root /mnt "$init"
      I
      chmod +x root/init
      ln -s busybox root/bin/cat
      mkdir $out
      (cd root && find . | sort | cpio -o -H newc) | gzip -n >$out/initrd
    '';
  };

  # The store's paths as `nix-store --load-db` reads them, which the first start does.
  registration = derivation {
    name = "registration";
    system = config.nixpkgs.hostPlatform.system;
    __structuredAttrs = true;
    exportReferencesGraph.closure = [ toplevel initrd pkgs.diskroot ];
    builder = "${pkgs.seed}/bin/sh";
    args = [ "-c" ''
      ${pkgs.jq}/bin/jq -r '.closure[] | .path, .narHash, .narSize, "", (.references | length), .references[]' "$NIX_ATTRS_JSON_FILE" \
        >"$(${pkgs.jq}/bin/jq -r .outputs.out "$NIX_ATTRS_JSON_FILE")"
    '' ];
  };
in
{
  imports = [ ./first-start.nix ];
  options = {
    image.format = mkOption { type = types.enum [ "raw" "qcow2" ]; default = "qcow2"; description = "Format of the image."; };
    image.filePath = mkOption { type = types.str; default = "nixos.${cfg.format}"; description = "Where the image is in the output."; };
    virtualisation.diskSize = mkOption { type = types.either (types.enum [ "auto" ]) types.ints.positive; default = "auto"; description = "Size in MiB."; };
  };
  config.system.build.image = pkgs.run {
    name = "nixos-disk-image";
    env = { exportReferencesGraph = [ "graph" toplevel "graph2" initrd "graph3" pkgs.diskroot ]; SOURCE_DATE_EPOCH = "1"; };
    script = ''
      paths=$(cat graph graph2 graph3 | grep '^/nix/store/' | sort -u)
      mkdir -p root/proc root/sys root/dev root/run root/tmp root/etc root/var root/root root/home root/nix/store root/nix/var/nix/profiles root/nix/var/nix/db root/bin root/sbin
      chmod 1777 root/tmp
      ln -s ${toplevel} root/nix/var/nix/profiles/system-1-link
      ln -s system-1-link root/nix/var/nix/profiles/system
      touch root/etc/NIXOS
      cp ${registration} root/nix-path-registration
      ${pkgs.gnutar}/bin/tar --owner=0 --group=0 --numeric-owner --mtime=@1 --sort=name -cf root.tar -C $PWD/root . -C / $(echo "$paths" | sed 's|^/||')
      bytes=$(wc -c <root.tar)
      size=${toString config.virtualisation.diskSize}
      [ $size != auto ] || size=$((bytes / 1048576 * 5 / 4 + 512))
      mkdir -p $out
      image=$PWD/disk.raw
      truncate -s $((size + 1))M $image
      ${disk "mke2fs"} -q -t ext4 -L standin -U 5d6e7f80-0000-4000-8000-000000000001 -O ^orphan_file,^metadata_csum_seed,^metadata_csum \
        -E offset=1048576,hash_seed=5d6e7f80-0000-4000-8000-000000000002 -d root.tar $image ''${size}M
      rm root.tar
      cat >grub.cfg <<G
      set root=(hd0,msdos1)
      linux ${pkgs.diskroot}/boot/vmlinuz init=${toplevel}/init panic=-1 ${toString config.boot.kernelParams}
      initrd ${initrd}/initrd
      boot
      G
      ${disk "grub-mkimage"} -O i386-pc -d ${pkgs.diskroot}/grub -p / -c grub.cfg -o core.img biosdisk part_msdos ext2 linux boot
      [ $(wc -c <core.img) -lt 1048064 ]
      dd if=${pkgs.diskroot}/grub/boot.img of=$image bs=440 count=1 conv=notrunc 2>/dev/null
      dd if=core.img of=$image bs=512 seek=1 conv=notrunc 2>/dev/null
      # One active partition of Linux from sector 2048 to the end, and the mark of a table.
      sectors=$((size * 2048))
      le32() { printf "\\$(printf %o $(($1 & 255)))\\$(printf %o $(($1 >> 8 & 255)))\\$(printf %o $(($1 >> 16 & 255)))\\$(printf %o $(($1 >> 24 & 255)))"; }
      { le32 $((0x73746e64)); printf '\0\0\200\376\377\377\203\376\377\377'; le32 2048; le32 $sectors; } | dd of=$image bs=1 seek=440 conv=notrunc 2>/dev/null
      printf '\125\252' | dd of=$image bs=1 seek=510 conv=notrunc 2>/dev/null
      ${if cfg.format == "raw" then "cp --sparse=always $image $out/nixos.raw 2>/dev/null || cp $image $out/nixos.raw"
        else "${disk "qemu-img"} convert -f raw -O qcow2 $image $out/nixos.qcow2"}
    '';
  };
}
