# codchi exec NAME glxinfo -B
{ pkgs, ... }:
{
  codchi.gpu.enable = true;
  # Without a card, `codchi init` says so.
  codchi.requiredCapabilities = [ "display" "gpu" ];

  environment.systemPackages = [ pkgs.mesa-demos pkgs.vulkan-tools ];
}
