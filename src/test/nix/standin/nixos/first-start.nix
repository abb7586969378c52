# Images bring the store's paths along; nix learns of them when the system starts for the first time, and the system becomes the profile's.
{ pkgs, ... }:
{
  boot.postBootCommands = ''
    if [ -f /nix-path-registration ]; then
      ${pkgs.nix}/bin/nix-store --load-db </nix-path-registration && rm /nix-path-registration
      ${pkgs.nix}/bin/nix-env -p /nix/var/nix/profiles/system --set /run/current-system
    fi
  '';
}
