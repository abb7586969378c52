{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.environment;
  aliases = lib.concatStrings (lib.mapAttrsToList (n: v: lib.optionalString (v != null) "alias -- ${n}=${lib.escapeShellArg v}\n") cfg.shellAliases);
in
{
  options.programs = {
    bash = {
      enable = mkOption { type = types.bool; default = true; description = "Whether bash is the interactive shell."; };
      interactiveShellInit = mkOption { type = types.lines; default = ""; description = "Shell code of interactive bash."; };
      loginShellInit = mkOption { type = types.lines; default = ""; description = "Shell code of login bash."; };
      completion.enable = mkOption { type = types.bool; default = true; description = "Accepted, without effect."; };
    };
    git = {
      enable = mkOption { type = types.bool; default = false; description = "Whether git is installed."; };
      package = mkOption { type = types.package; default = pkgs.git; description = "The git package."; };
      config = mkOption { type = types.attrs; default = { }; description = "System-wide git configuration."; };
    };
    command-not-found.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    nix-ld.enable = mkOption { type = types.bool; default = false; description = "Accepted: foreign programs find a loader here anyway."; };
    direnv.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    dconf.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    ssh.startAgent = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    java.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    java.package = mkOption { type = types.package; default = pkgs.hello; description = "Accepted, without effect."; };
  };

  config = {
    environment.systemPackages = lib.optional config.programs.git.enable config.programs.git.package;
    environment.etc = {
      profile.text = ''
        # Read by login shells.
        if [ -n "''${__ETC_PROFILE_SOURCED-}" ]; then return; fi
        __ETC_PROFILE_SOURCED=1
        export __ETC_PROFILE_DONE=1
        if [ -z "''${__NIXOS_SET_ENVIRONMENT_DONE-}" ]; then . ${config.system.build.setEnvironment}; fi
        ${cfg.shellInit}
        ${cfg.loginShellInit}
        ${config.programs.bash.loginShellInit}
        if [ -n "''${BASH_VERSION-}" ] && [ -n "''${PS1-}" ]; then . /etc/bashrc; fi
      '';
      bashrc.text = ''
        # Read by interactive shells.
        if [ -n "''${__ETC_BASHRC_SOURCED-}" ]; then return; fi
        __ETC_BASHRC_SOURCED=1
        if [ -z "''${__ETC_PROFILE_DONE-}" ]; then . /etc/profile; fi
        if [ -z "''${PS1-}" ]; then return; fi
        ${aliases}
        PS1='[\u@\h:\w]\$ '
        ${cfg.interactiveShellInit}
        ${config.programs.bash.interactiveShellInit}
      '';
      "bash.bashrc".text = ". /etc/bashrc";
    };
  };
}
