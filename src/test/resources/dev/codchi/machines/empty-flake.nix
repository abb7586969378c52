# Written by codchi from machine.json beside it; changes here are overwritten.
{
  inputs.codchi_driver.url = "path:/config/driver/0123abcd";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs =
    inputs:
    let
      system = "x86_64-linux";
      machine = inputs.codchi_driver.lib.codeMachine {
        inherit system;
        inherit (inputs) nixpkgs;
        driver = "lxd";
        modules = [ ];
      };
    in
    {
      nixosConfigurations.default = machine;
      packages.${system}.default = machine.config.system.build.toplevel;
    };
}
