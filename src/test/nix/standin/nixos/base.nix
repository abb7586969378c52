# The base system: the option names of NixOS, implemented on top of Debian binaries as far as a machine
# needs them to boot, log in and switch.
{
  imports = [
    ./assertions.nix
    ./nixpkgs.nix
    ./environment.nix
    ./shells.nix
    ./users.nix
    ./security.nix
    ./systemd.nix
    ./networking.nix
    ./nix.nix
    ./desktop.nix
    ./activation.nix
    ./container.nix
    ./toplevel.nix
    ./images.nix
  ];
}
