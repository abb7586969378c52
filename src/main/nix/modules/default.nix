# Everything that codchi adds to NixOS. Importing this on an ordinary NixOS changes nothing by itself:
# `codchi.driver.name` is "none" there.
{
  imports = [
    ./driver.nix
    ./secrets.nix
    ./init-script.nix
    ./capabilities.nix
    ./gpu.nix
    ./docker.nix
    ./java.nix
    ./keyring.nix
    ./recommended.nix
    ./desktop.nix
    ./renamed.nix
    ../driver/common.nix
    ../driver/environment.nix
    ../driver/programs.nix
    ../driver/network.nix
    ../driver/lxd.nix
    ../driver/wsl.nix
    ../driver/none.nix
  ];
}
