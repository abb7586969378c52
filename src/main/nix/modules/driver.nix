{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types literalExpression;
  cfg = config.codchi;
  oldest = "24.11";
in
{
  options.codchi = {
    driver.name = mkOption {
      type = types.enum [ "lxd" "wsl" "none" ];
      default = "none";
      example = "none";
      description = ''
        What this system runs on: `lxd` (LXD or Incus on Linux), `wsl` (Windows), or `none` (any other
        NixOS). codchi sets it for its machines. With `none`, the modules of a code machine work on a
        NixOS that you brought yourself; everything that needs the host's side of codchi is left out.
      '';
    };
    driver.managed = mkOption {
      type = types.bool;
      internal = true;
      readOnly = true;
      default = cfg.driver.name != "none";
      description = "Whether codchi runs this system as a code machine.";
    };
    user = mkOption {
      type = types.passwdEntry types.str;
      default = "codchi";
      example = "alice";
      description = ''
        The person's account. In a code machine it is `codchi` (uid 1000, group `users`) and cannot be
        changed, because files must belong to the same ids on both sides. With
        `codchi.driver.name = "none"`, name the account of your own NixOS here.
      '';
    };
    files = mkOption {
      type = types.attrsOf types.package;
      internal = true;
      default = { };
      description = "What the host reads below `codchi/` of a built system, by name.";
    };
  };

  config = {
    assertions = [
      {
        assertion = lib.versionAtLeast lib.trivial.release oldest;
        message = "codchi: this machine uses nixpkgs ${lib.trivial.release}, but code machines need ${oldest} or later. Update the nixpkgs of the machine or of the module that brings it.";
      }
      {
        assertion = cfg.driver.managed -> cfg.user == "codchi";
        message = "codchi: `codchi.user` is `${cfg.user}', but the user of a code machine is always `codchi'. Remove the definition, or make it depend on `config.codchi.driver.name == \"none\"'.";
      }
    ];

    codchi.files."driver.json" = pkgs.writeText "driver.json" (builtins.toJSON {
      schema = 1;
      driver = cfg.driver.name;
      inherit (config.nixpkgs.hostPlatform) system;
      nixos = lib.trivial.release;
      stateVersion = config.system.stateVersion;
      user = { name = cfg.user; uid = 1000; gid = 100; home = "/home/${cfg.user}"; };
    });

    system.systemBuilderCommands = ''
      mkdir -p $out/codchi
      ${lib.concatStrings (lib.mapAttrsToList (name: file: ''
        cp -r ${file} $out/codchi/${lib.escapeShellArg name}
      '') cfg.files)}
    '';
  };
}
