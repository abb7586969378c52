{
  description = "The machine driver of codchi: makes any NixOS module a code machine";

  # No inputs: nixpkgs always comes from the machine, so that evaluating a machine needs nothing but its own lock file.
  outputs = { self }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      drivers = [ "lxd" "wsl" "none" ];
      examples = import ./examples;
    in
    {
      lib = {
        codeMachine = import ./lib/code-machine.nix { inherit self systems drivers; };
        exports = import ./lib/exports.nix;
        storeTools = import ./lib/store-tools.nix { inherit systems; };
        optionsReference = import ./lib/options-reference.nix { inherit self; };
        inherit systems drivers;
      };

      nixosModules = builtins.mapAttrs (_: e: e.module) examples // {
        default = ./modules;
      };

      # nix flake init -t ...#java
      templates = builtins.mapAttrs (_: e: { inherit (e) path description; }) examples // {
        default = { inherit (examples.empty) path description; };
      };

      # Without a nixpkgs the flake can check only itself: every example is a flake whose module it also offers.
      # The modules are evaluated by src/test/nix/modules/run, against a real nixpkgs where one is given.
      checks = builtins.listToAttrs (map (system: {
        name = system;
        value.examples =
          assert builtins.all (e: ((import (e.path + "/flake.nix")).outputs { }).nixosModules.default == e.module) (builtins.attrValues examples);
          derivation {
            name = "codchi-driver-examples";
            inherit system;
            builder = "builtin:buildenv";
            derivations = [ ];
            manifest = "/dev/null";
          };
      }) systems);
    };
}
