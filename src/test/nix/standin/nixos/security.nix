{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  flag = default: description: mkOption { type = types.bool; inherit default description; };
  sudo = config.security.sudo;
in
{
  options.security = {
    sudo.enable = flag true "Whether sudo is there.";
    sudo.wheelNeedsPassword = flag true "Whether members of wheel give a password.";
    sudo.package = mkOption { type = types.package; default = pkgs.sudo; description = "The sudo package."; };
    sudo.extraConfig = mkOption { type = types.lines; default = ""; description = "Further lines of sudoers."; };
    sudo-rs.enable = flag false "Accepted, without effect.";
    sudo-rs.wheelNeedsPassword = flag true "Accepted, without effect.";
    polkit.enable = flag false "Accepted, without effect.";
    rtkit.enable = flag false "Accepted, without effect.";
    wrappers = mkOption {
      default = { };
      description = "Programs with special rights below /run/wrappers/bin.";
      type = types.attrsOf (types.submodule ({ name, ... }: {
        options = {
          enable = flag true "Whether the wrapper is made.";
          source = mkOption { type = types.path; description = "The program."; };
          program = mkOption { type = types.nullOr types.str; default = name; description = "Name of the wrapper."; };
          owner = mkOption { type = types.str; description = "Owner."; };
          group = mkOption { type = types.str; description = "Group."; };
          permissions = mkOption { type = types.str; default = "u+rx,g+x,o+x"; description = "Mode."; };
          setuid = flag false "Whether it runs as its owner.";
          setgid = flag false "Whether it runs as its group.";
          capabilities = mkOption { type = types.commas; default = ""; description = "Accepted, without effect."; };
        };
      }));
    };
    pki.certificateFiles = mkOption { type = types.listOf types.path; default = [ ]; description = "Files with trusted certificates."; };
    pki.caBundle = mkOption { type = types.path; readOnly = true; default = "${config.system.build.certificates}"; description = "Everything that is trusted."; };
    pki.certificates = mkOption { type = types.listOf types.str; default = [ ]; description = "Trusted certificates."; };
    pam.services = mkOption {
      default = { };
      description = "PAM services.";
      type = types.attrsOf (types.submodule ({ name, config, ... }: {
        options = {
          enable = flag true "Whether the service file is made.";
          name = mkOption { type = types.str; default = name; description = "Name of the service."; };
          rootOK = flag false "Whether root needs no authentication.";
          unixAuth = flag true "Whether passwords are checked.";
          startSession = flag false "Whether a login session is registered.";
          setLoginUid = flag config.startSession "Whether the audit login id is set.";
          setEnvironment = flag true "Whether the session variables are set.";
          showMotd = flag false "Accepted, without effect.";
          updateWtmp = flag false "Accepted, without effect.";
          enableGnomeKeyring = flag false "Accepted, without effect.";
          text = mkOption { type = types.nullOr types.lines; default = null; description = "Text of the service file."; };
        };
        config.text = lib.mkDefault ''
          account required pam_unix.so
          ${lib.optionalString config.rootOK "auth sufficient pam_rootok.so"}
          ${lib.optionalString config.unixAuth "auth sufficient pam_unix.so likeauth try_first_pass"}
          auth required pam_deny.so
          password sufficient pam_unix.so nullok yescrypt
          ${lib.optionalString config.setEnvironment "session required pam_env.so conffile=/etc/pam/environment readenv=0"}
          session required pam_unix.so
          ${lib.optionalString config.setLoginUid "session optional pam_loginuid.so"}
          ${lib.optionalString config.startSession "session optional pam_systemd.so"}
        '';
      }));
    };
  };

  config = {
    security.pam.services = {
      other = { unixAuth = false; };
      login = { startSession = true; };
      su = { rootOK = true; };
      sudo = { };
      runuser = { rootOK = true; unixAuth = false; setEnvironment = false; };
      runuser-l = { rootOK = true; unixAuth = false; };
      systemd-user.text = ''
        account required pam_unix.so
        session required pam_env.so conffile=/etc/pam/environment readenv=0
        session required pam_unix.so
        session optional pam_systemd.so
      '';
    };
    security.wrappers = lib.mkMerge [
      { su = { source = "${pkgs.debroot}/usr/bin/su"; owner = "root"; group = "root"; setuid = true; }; }
      (lib.mkIf sudo.enable { sudo = { source = "${pkgs.debroot}/usr/bin/sudo"; owner = "root"; group = "root"; setuid = true; }; })
    ];
    environment.etc = lib.mapAttrs' (n: s: lib.nameValuePair "pam.d/${s.name}" { text = s.text; }) (lib.filterAttrs (_: s: s.enable) config.security.pam.services)
      // {
        sudoers = lib.mkIf sudo.enable {
          mode = "0440";
          text = ''
            Defaults env_keep += "TERMINFO_DIRS NIX_REMOTE"
            Defaults secure_path="/run/wrappers/bin:/run/current-system/sw/bin:/usr/sbin:/usr/bin"
            root ALL=(ALL:ALL) SETENV: ALL
            %wheel ALL=(ALL:ALL) ${lib.optionalString (!sudo.wheelNeedsPassword) "NOPASSWD: "}SETENV: ALL
            ${sudo.extraConfig}
          '';
        };
        "ssl/certs/ca-bundle.crt".source = config.system.build.certificates;
        "ssl/certs/ca-certificates.crt".source = config.system.build.certificates;
      };
    system.build.certificates = pkgs.runCommand "ca-certificates.crt" { } ''
      cat ${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt ${lib.concatMapStringsSep " " (f: "${f}") config.security.pki.certificateFiles} \
        ${pkgs.writeText "extra-certificates" (lib.concatStringsSep "\n" config.security.pki.certificates)} >$out
    '';
    environment.variables.SSL_CERT_FILE = lib.mkDefault "/etc/ssl/certs/ca-certificates.crt";
    environment.variables.NIX_SSL_CERT_FILE = lib.mkDefault "/etc/ssl/certs/ca-certificates.crt";

    # The wrappers lie on a file system of their own, because /run forbids set-user-id programs.
    system.activationScripts.wrappers = lib.stringAfter [ "specialfs" "users" ] ''
      mounted /run/wrappers || { mkdir -p /run/wrappers; mount -t tmpfs -o nodev,mode=755 tmpfs /run/wrappers; }
      new=$(mktemp -d /run/wrappers/wrappers.XXXXXX)
      chmod a+rx $new
      ${lib.concatStrings (lib.mapAttrsToList (_: w: lib.optionalString w.enable ''
        cp ${w.source} $new/${w.program}
        chmod 0000 $new/${w.program}
        chown ${w.owner}:${w.group} $new/${w.program}
        chmod u${if w.setuid then "+" else "-"}s,g${if w.setgid then "+" else "-"}s,${w.permissions} $new/${w.program}
      '') config.security.wrappers)}
      old=$(readlink /run/wrappers/bin || true)
      ln -sfn $new /run/wrappers/bin
      [ -z "$old" ] || rm -rf "$old"
    '';
  };
}
