{ pkgs, ... }:
{
  # Android Studio and the SDK come with licences of their own.
  nixpkgs.config.allowUnfree = true;
  nixpkgs.config.android_sdk.accept_license = true;

  environment.systemPackages = [ pkgs.android-studio pkgs.android-tools ];
  # Gradle downloads programs that were made for other distributions.
  programs.nix-ld.enable = true;

  codchi.requiredCapabilities = [ "display" "gpu" ];
  codchi.keyring.enable = true;
}
