{
  description = "The machine driver of codchi: makes any NixOS module a code machine";

  # No inputs: nixpkgs always comes from the machine, so that evaluating a machine needs nothing but its own lock file.
  outputs = { self }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      drivers = [ "lxd" "wsl" "none" ];
      examples = import ./examples;
      descriptions = builtins.mapAttrs (_: e: e.description) examples;
    in
    {
      lib = {
        codeMachine = import ./lib/code-machine.nix { inherit self systems drivers; };
        storeTools = import ./lib/store-tools.nix { inherit systems; };
        optionsReference = import ./lib/options-reference.nix { inherit self; };
        inherit systems drivers;
      };

      nixosModules = builtins.mapAttrs (_: e: e.module) examples // {
        default = ./modules;
      };

      templates = builtins.mapAttrs (name: description: {
        path = ./templates + "/${name}";
        inherit description;
      }) descriptions // {
        default = {
          path = ./templates/empty;
          description = descriptions.empty;
        };
      };

      # Without a nixpkgs of its own the flake can check only itself: that every example and template is there.
      # The modules are evaluated by src/test/nix/modules/run, against a real nixpkgs where one is given.
      checks = builtins.listToAttrs (map (system: {
        name = system;
        value.layout =
          assert builtins.all (n: builtins.pathExists (./templates + "/${n}/flake.nix")) (builtins.attrNames examples);
          builtins.derivation {
            name = "layout";
            inherit system;
            builder = "builtin:buildenv";
            derivations = [ ];
            manifest = "/dev/null";
          };
      }) systems);
    };
}
