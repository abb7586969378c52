{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  scripts = lib.mapAttrs (_: s: if lib.isString s then lib.noDepEntry s else s) config.system.activationScripts;
  etc = lib.filter (f: f.enable) (lib.attrValues config.environment.etc);
in
{
  options.system.activationScripts = mkOption {
    default = { };
    description = "Shell code run at boot and at every switch.";
    type = types.attrsOf (types.either types.str (types.submodule {
      options = {
        deps = mkOption { type = types.listOf types.str; default = [ ]; description = "Scripts that run before."; };
        text = mkOption { type = types.lines; description = "The code."; };
        supportsDryActivation = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
      };
    }));
  };
  options.system.userActivationScripts = mkOption { type = types.attrsOf types.unspecified; default = { }; description = "Accepted, without effect."; };
  options.boot.postBootCommands = mkOption { type = types.lines; default = ""; description = "Shell code run once before systemd starts."; };

  config = {
    # Files of /etc: a tree of links, and beside it a list of those to be copied with owner and mode.
    system.build.etc = pkgs.runCommand "etc" { } ''
      mkdir -p $out/etc
      : >$out/copied
      put() { # source, target, mode, user, group
        mkdir -p "$(dirname "$out/etc/$2")"
        ln -s "$1" "$out/etc/$2"
        if [ "$3" != symlink ] && [ "$3" != direct-symlink ]; then printf '%s\t%s\t%s\t%s\n' "$2" "$3" "$4" "$5" >>$out/copied; fi
      }
      ${lib.concatMapStrings (f: "put ${lib.escapeShellArgs [ "${f.source}" f.target f.mode f.user f.group ]}\n") etc}
      # What the Debian programs expect and no option makes.
      for d in dbus-1 security login.defs protocols services ssl/openssl.cnf alternatives terminfo xdg/systemd ld.so.conf ld.so.conf.d ld.so.cache \
               sudo_logsrvd.conf gai.conf host.conf inputrc os-release debian_version X11 fonts pulse default; do
        if { [ -e ${pkgs.debroot}/etc/$d ] || [ -L ${pkgs.debroot}/etc/$d ]; } && ! [ -e $out/etc/$d ]; then
          mkdir -p "$(dirname $out/etc/$d)"
          ln -s ${pkgs.debroot}/etc/$d $out/etc/$d
        fi
      done
    '';

    system.activationScripts = {
      # Mounts that the start of the container did not make.
      specialfs = ''
        mounted /run || mount -t tmpfs -o nosuid,nodev,strictatime,mode=755 tmpfs /run
        mkdir -p /run/lock
      '';
      # Debian's programs look for each other, and for their libraries, below /usr.
      usr = ''
        for l in usr:${pkgs.debroot}/usr lib:usr/lib lib64:usr/lib64; do
          [ ! -d /''${l%%:*} ] || [ -L /''${l%%:*} ] || rmdir /''${l%%:*}
          ln -sfn ''${l#*:} /''${l%%:*}
        done
        mkdir -p /bin /sbin
        for p in bash mount umount true false mkdir systemctl; do ln -sfn /usr/bin/$p /bin/$p; done
        ln -sfn /usr/sbin/agetty /sbin/agetty
      '';
      binsh = lib.stringAfter [ "usr" ] ''
        ln -sfn ${config.environment.binsh} /bin/.sh.new
        mv -f /bin/.sh.new /bin/sh
      '';
      var = ''
        mkdir -p -m 0755 /var /var/log /var/lib /var/cache /var/empty /nix/var/nix/gcroots /home /mnt /srv /opt
        mkdir -p -m 0700 /root
        mkdir -p -m 1777 /tmp /var/tmp
        chmod 1777 /tmp /var/tmp
        [ -L /var/run ] || { rm -rf /var/run; ln -s /run /var/run; }
      '';
      etc = lib.stringAfter [ "var" ] ''
        ln -sfn $systemConfig/etc /etc/static
        # Links first, then links of earlier systems that lead nowhere, then copies.
        (cd $systemConfig/etc/ && find . \( -type l -o -type f \) ) | while read -r f; do
          f=''${f#./}
          case $f in */*) [ -d "/etc/''${f%/*}" ] && [ ! -L "/etc/''${f%/*}" ] || { rm -f "/etc/''${f%/*}"; mkdir -p "/etc/''${f%/*}"; } ;; esac
          [ "$(readlink "/etc/$f")" = "/etc/static/$f" ] || { [ ! -d "/etc/$f" ] || [ -L "/etc/$f" ] || rm -rf "/etc/$f"; ln -sfn "/etc/static/$f" "/etc/$f"; }
        done
        find /etc -type l | while read -r f; do
          case $(readlink "$f") in /etc/static/*) [ -e "$f" ] || [ -L "/etc/static/''${f#/etc/}" ] || rm -f "$f" ;; esac
        done
        while IFS="	" read -r f mode user group; do
          cp -L "$systemConfig/etc/$f" "/etc/$f.new"
          chown "''${user#+}:''${group#+}" "/etc/$f.new"
          chmod "$mode" "/etc/$f.new"
          rm -f "/etc/$f"
          mv -f "/etc/$f.new" "/etc/$f"
        done <${config.system.build.etc}/copied
        if [ -r /etc/.copied ]; then
          while IFS="	" read -r f _; do
            grep -q "^$f	" ${config.system.build.etc}/copied || [ -L "/etc/$f" ] || rm -f "/etc/$f"
          done </etc/.copied
        fi
        cp ${config.system.build.etc}/copied /etc/.copied
        [ -L /etc/mtab ] || ln -sfn /proc/mounts /etc/mtab
      '';
      users.deps = [ "etc" "usr" ];
    };

    system.build.activate = pkgs.writeScript "activate" ''
      #!${pkgs.seed}/bin/sh
      # Makes the running system look like this one. Idempotent.
      systemConfig=@out@
      export PATH=${pkgs.seed}/bin
      exec </dev/null
      mounted() { grep -q "^[^ ]* $1 " /proc/self/mounts; }
      status=0
      ${lib.concatStrings (map (name: ''
        run_${lib.replaceStrings [ "-" "." ] [ "_" "_" ] name}() {
          :
        ${scripts.${name}.text}
        }
      '') (lib.attrNames scripts))}
      ${lib.textClosureMap (name: name)
        (lib.mapAttrs (name: s: {
          inherit (s) deps;
          text = let f = "run_${lib.replaceStrings [ "-" "." ] [ "_" "_" ] name}"; in
            "if ( set -e; ${f} ); then :; else status=$?; echo \"activation script ${name} failed ($status)\" >&2; fi";
        }) scripts)
        (lib.attrNames scripts)}
      ln -sfn $systemConfig /run/current-system
      exit $status
    '';
  };
}
