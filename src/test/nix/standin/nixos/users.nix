{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  users = lib.filterAttrs (_: u: u.enable) config.users.users;
  groups = config.users.groups;
  # Ids that nobody asked for: users from 1100, groups from 1100, in the order of their names.
  free = attrs: field: lib.listToAttrs (lib.imap0 (i: n: lib.nameValuePair n (1100 + i))
    (lib.filter (n: attrs.${n}.${field} == null) (lib.attrNames attrs)));
  uid = n: if users.${n}.uid != null then users.${n}.uid else (free users "uid").${n};
  gid = n: if groups.${n}.gid != null then groups.${n}.gid else (free groups "gid").${n};
  primary = u: if groups ? ${u.group} then toString (gid u.group) else throw "users.users.${u.name}.group names the group `${u.group}', which does not exist";
  shell = u: if lib.isDerivation u.shell then "/run/current-system/sw${u.shell.shellPath}" else toString u.shell;
  members = n: lib.unique (groups.${n}.members ++ lib.filter (u: lib.elem n users.${u}.extraGroups) (lib.attrNames users));
  lingering = lib.filter (n: users.${n}.linger == true) (lib.attrNames users);
in
{
  options.users = {
    mutableUsers = mkOption { type = types.bool; default = true; description = "Accepted; users are always those of the configuration."; };
    allowNoPasswordLogin = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    defaultUserShell = mkOption { type = types.either types.path types.shellPackage; default = pkgs.bash; description = "Shell of users without one."; };
    users = mkOption {
      default = { };
      description = "User accounts.";
      type = types.attrsOf (types.submodule ({ name, config, ... }: {
        options = {
          enable = mkOption { type = types.bool; default = true; description = "Whether the account exists."; };
          name = mkOption { type = types.str; default = name; description = "Name of the account."; };
          description = mkOption { type = types.str; default = ""; description = "Full name."; };
          uid = mkOption { type = types.nullOr types.int; default = null; description = "User id."; };
          group = mkOption { type = types.str; default = ""; description = "Primary group."; };
          extraGroups = mkOption { type = types.listOf types.str; default = [ ]; description = "Further groups."; };
          home = mkOption { type = types.str; default = "/var/empty"; description = "Home directory."; };
          homeMode = mkOption { type = types.str; default = "700"; description = "Mode of a new home directory."; };
          createHome = mkOption { type = types.bool; default = false; description = "Whether the home directory is made."; };
          shell = mkOption { type = types.nullOr (types.either types.shellPackage types.path); default = "/usr/sbin/nologin"; description = "Login shell."; };
          isNormalUser = mkOption { type = types.bool; default = false; description = "Whether it is a person."; };
          isSystemUser = mkOption { type = types.bool; default = false; description = "Whether it is a service."; };
          linger = mkOption { type = types.nullOr types.bool; default = false; description = "Whether the user's services run without a login."; };
          packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages of this user."; };
          openssh.authorizedKeys.keys = mkOption { type = types.listOf types.str; default = [ ]; description = "Accepted, without effect."; };
          subUidRanges = mkOption { type = types.listOf types.attrs; default = [ ]; description = "Accepted, without effect."; };
          subGidRanges = mkOption { type = types.listOf types.attrs; default = [ ]; description = "Accepted, without effect."; };
          autoSubUidGidRange = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
        } // lib.genAttrs [ "password" "hashedPassword" "initialPassword" "initialHashedPassword" "hashedPasswordFile" ] (_:
          mkOption { type = types.nullOr types.str; default = null; description = "Accepted: nobody logs in with a password here."; });
        config = lib.mkIf config.isNormalUser {
          group = lib.mkDefault "users";
          createHome = lib.mkDefault true;
          home = lib.mkDefault "/home/${config.name}";
          shell = lib.mkDefault pkgs.bash;
        };
      }));
    };
    groups = mkOption {
      default = { };
      description = "Groups.";
      type = types.attrsOf (types.submodule ({ name, ... }: {
        options = {
          name = mkOption { type = types.str; default = name; description = "Name of the group."; };
          gid = mkOption { type = types.nullOr types.int; default = null; description = "Group id."; };
          members = mkOption { type = types.listOf types.str; default = [ ]; description = "Members."; };
        };
      }));
    };
  };

  config = {
    users.users.root = { uid = 0; group = "root"; home = lib.mkDefault "/root"; shell = lib.mkDefault pkgs.bash; };
    users.users.nobody = { uid = 65534; group = "nogroup"; };
    users.groups = {
      root.gid = 0; wheel.gid = 1; kmem.gid = 9; tty.gid = 5; disk.gid = 6; audio.gid = 17; video.gid = 26; lp.gid = 20; input.gid = 174;
      kvm.gid = 302; render.gid = 303; users.gid = 100; nogroup.gid = 65534; systemd-journal.gid = 62; dialout.gid = 27; shadow.gid = 318; utmp.gid = 29;
    };

    assertions = lib.mapAttrsToList (n: u: {
      assertion = u.isNormalUser != u.isSystemUser || u.uid != null && !(u.isNormalUser && u.isSystemUser);
      message = "Exactly one of users.users.${n}.isSystemUser and users.users.${n}.isNormalUser must be set.";
    }) users;

    system.build.accounts = pkgs.runCommand "accounts" { } ''
      mkdir -p $out
      cat >passwd <<'E'
      ${lib.concatStringsSep "\n" (lib.mapAttrsToList (n: u: "${u.name}:x:${toString (uid n)}:${primary u}:${u.description}:${u.home}:${shell u}") users)}
      E
      cat >group <<'E'
      ${lib.concatStringsSep "\n" (lib.mapAttrsToList (n: g: "${g.name}:x:${toString (gid n)}:${lib.concatStringsSep "," (members n)}") groups)}
      E
      # The services of the Debian tree keep their accounts.
      awk -F: 'NR == FNR { seen[$1] = 1; print; next } !seen[$1]' passwd ${pkgs.debroot}/etc/passwd >$out/passwd
      awk -F: 'NR == FNR { seen[$1] = 1; print; next } !seen[$1]' group ${pkgs.debroot}/etc/group >$out/group
      awk -F: '{ print $1 ":!*:1::::::" }' $out/passwd >$out/shadow
    '';

    system.activationScripts.users.text = ''
      for f in passwd group shadow; do
        install -m 0644 ${config.system.build.accounts}/$f /etc/.$f.new
        [ $f != shadow ] || chmod 0600 /etc/.$f.new
        mv -f /etc/.$f.new /etc/$f
      done
      ${lib.concatMapStrings (n: let u = users.${n}; in lib.optionalString u.createHome ''
        if ! [ -d ${u.home} ]; then
          mkdir -p -m ${u.homeMode} ${u.home}
          chown ${toString (uid n)}:${primary u} ${u.home}
        fi
      '') (lib.attrNames users)}
      mkdir -p /var/lib/systemd/linger
      for f in /var/lib/systemd/linger/*; do
        case " ${toString lingering} " in *" ''${f##*/} "*) ;; *) rm -f "$f" ;; esac
      done
      ${lib.concatMapStrings (n: "touch /var/lib/systemd/linger/${n}\n") lingering}
    '';
    environment.etc = lib.mapAttrs' (n: u: lib.nameValuePair "profiles/per-user/${n}" {
      source = pkgs.buildEnv { name = "user-${n}"; paths = u.packages; };
    }) (lib.filterAttrs (_: u: u.packages != [ ]) users);
  };
}
