# `lib.nixosSystem`: modules -> a bootable system in the shape of NixOS.
{ lib, packages, flake }:
{ modules ? [ ], system ? null, specialArgs ? { }, pkgs ? null, ... }:
let
  result = lib.evalModules {
    specialArgs = { modulesPath = toString ./.; } // specialArgs;
    modules = [ ./base.nix ] ++ modules ++ [
      ({ config, ... }: {
        _file = "the stand-in";
        nixpkgs.flake.source = flake.outPath;
        nixpkgs.hostPlatform = lib.mkIf (system != null) (lib.mkDefault system);
        _module.args = {
          pkgs = if pkgs != null then pkgs else packages.${config.nixpkgs.hostPlatform.system}
            or (throw "the stand-in system has no packages for ${config.nixpkgs.hostPlatform.system}");
          utils = { };
          baseModules = [ ./base.nix ];
        };
      })
    ];
  };
in
result // { inherit (result._module.args) pkgs; inherit lib; }
