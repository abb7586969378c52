{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.environment;
  variable = types.attrsOf (types.nullOr (types.oneOf [ (types.listOf (types.oneOf [ types.int types.str types.path ])) types.int types.str types.path ]));
  value = v: if lib.isList v then lib.concatMapStringsSep ":" toString v else toString v;
  exports = vars: lib.concatStrings (lib.mapAttrsToList (n: v: lib.optionalString (v != null) "export ${n}=\"${value v}\"\n") vars);
  relative = lib.concatStrings (lib.mapAttrsToList (n: suffixes:
    "export ${n}=\"${lib.concatStringsSep ":" (lib.concatMap (p: map (s: "${p}${s}") suffixes) cfg.profiles)}\${${n}:+:\$${n}}\"\n"
  ) (removeAttrs cfg.profileRelativeSessionVariables [ "PATH" ]));
in
{
  options.environment = {
    systemPackages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages of every user."; };
    defaultPackages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages that are there unless emptied."; };
    pathsToLink = mkOption { type = types.listOf types.str; default = [ ]; description = "Directories linked into the system path."; };
    extraSetup = mkOption { type = types.lines; default = ""; description = "Shell code that completes the system path."; };
    extraOutputsToInstall = mkOption { type = types.listOf types.str; default = [ ]; description = "Accepted, without effect."; };
    variables = mkOption { type = variable; default = { }; description = "Environment variables of shells."; };
    sessionVariables = mkOption { type = variable; default = { }; description = "Environment variables set by PAM."; };
    profileRelativeSessionVariables = mkOption { type = types.attrsOf (types.listOf types.str); default = { }; description = "Variables relative to each profile."; };
    profiles = mkOption { type = types.listOf types.str; default = [ ]; description = "Profiles on the search path."; };
    extraInit = mkOption { type = types.lines; default = ""; description = "Shell code run when the environment is set."; };
    shellInit = mkOption { type = types.lines; default = ""; description = "Shell code run by every shell."; };
    loginShellInit = mkOption { type = types.lines; default = ""; description = "Shell code run by login shells."; };
    interactiveShellInit = mkOption { type = types.lines; default = ""; description = "Shell code run by interactive shells."; };
    shells = mkOption { type = types.listOf (types.either types.package types.path); default = [ ]; description = "Permissible login shells."; };
    shellAliases = mkOption { type = types.attrsOf (types.nullOr types.str); default = { }; description = "Aliases."; };
    binsh = mkOption { type = types.path; default = "${pkgs.bash}/bin/sh"; description = "What /bin/sh is."; };
    usrbinenv = mkOption { type = types.nullOr types.path; default = "${pkgs.coreutils}/bin/env"; description = "Without effect: /usr is the Debian tree."; };
    etc = mkOption {
      default = { };
      description = "Files below /etc.";
      type = types.attrsOf (types.submodule ({ name, config, ... }: {
        options = {
          enable = mkOption { type = types.bool; default = true; description = "Whether the file is made."; };
          target = mkOption { type = types.str; default = name; description = "Name below /etc."; };
          text = mkOption { type = types.nullOr types.lines; default = null; description = "Text of the file."; };
          source = mkOption { type = types.path; description = "Path of the file."; };
          mode = mkOption { type = types.str; default = "symlink"; description = "`symlink`, `direct-symlink` or a file mode."; };
          user = mkOption { type = types.str; default = "+0"; description = "Owner of a copied file."; };
          group = mkOption { type = types.str; default = "+0"; description = "Group of a copied file."; };
        };
        config.source = lib.mkIf (config.text != null)
          (lib.mkDefault (pkgs.writeText ("etc-" + lib.strings.sanitizeDerivationName (baseNameOf name)) config.text));
      }));
    };
  };
  options.system.path = mkOption { type = types.package; internal = true; description = "The system path."; };
  options.system.build = mkOption { type = types.submodule { freeformType = types.lazyAttrsOf types.unspecified; }; default = { }; description = "Things that are built from the configuration."; };

  config = {
    environment = {
      systemPackages = with pkgs; [
        bash coreutils findutils gnugrep gnused gnutar gzip xz iproute2 curl less procps shadow systemd util-linux dbus getent hostname-debian
      ] ++ cfg.defaultPackages;
      pathsToLink = [ "/bin" "/etc/xdg" "/share/applications" "/share/icons" "/share/pixmaps" "/share/mime" "/share/bash-completion" "/share/codchi" "/lib" ];
      profiles = lib.mkAfter [ "/nix/var/nix/profiles/default" "/run/current-system/sw" ];
      profileRelativeSessionVariables = { PATH = [ "/bin" ]; XDG_DATA_DIRS = [ "/share" ]; XDG_CONFIG_DIRS = [ "/etc/xdg" ]; };
      variables = {
        PAGER = lib.mkDefault "less -R";
        EDITOR = lib.mkDefault "nano";
        XDG_CONFIG_DIRS = [ "/etc/xdg" ];
      };
      etc = {
        "set-environment".source = config.system.build.setEnvironment;
        shells.text = lib.concatMapStrings (s: "${if lib.isDerivation s then "/run/current-system/sw${s.shellPath}" else s}\n") cfg.shells + "/bin/sh\n/run/current-system/sw/bin/bash\n";
        "pam/environment".text = lib.concatStrings (lib.mapAttrsToList (n: v: lib.optionalString (v != null) "${n} DEFAULT=\"${value v}\"\n") cfg.sessionVariables);
      };
    };
    system.path = pkgs.buildEnv {
      name = "system-path";
      paths = cfg.systemPackages;
      inherit (cfg) pathsToLink;
      postBuild = cfg.extraSetup;
    };
    system.build.setEnvironment = pkgs.writeText "set-environment" ''
      # Set by the system configuration; every shell reads it once.
      export __NIXOS_SET_ENVIRONMENT_DONE=1
      export PATH="/run/wrappers/bin:$HOME/.nix-profile/bin:/etc/profiles/per-user/$USER/bin:${lib.concatMapStringsSep ":" (p: "${p}/bin") cfg.profiles}"
      ${exports (cfg.sessionVariables // cfg.variables)}
      ${relative}
      ${cfg.extraInit}
    '';
  };
}
