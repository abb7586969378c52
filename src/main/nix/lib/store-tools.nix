# What the store container needs besides nix itself, as one profile.
{ systems }:
{ nixpkgs, system ? "x86_64-linux" }:
if !(builtins.elem system systems) then
  throw "codchi: there are no store tools for the system `${toString system}'. Use one of: ${builtins.concatStringsSep ", " systems}."
else
  let
    pkgs = nixpkgs.legacyPackages.${system};
  in
  pkgs.buildEnv {
    name = "codchi-store-tools";
    paths = with pkgs; [
      gitMinimal
      openssh
      cacert
      coreutils
      bash
      gnutar
      # git runs some of its commands, such as those for submodules, as scripts
      gnugrep
      gnused
      gzip
      xz
      zstd
      iproute2
    ];
    pathsToLink = [ "/bin" "/etc" "/libexec" ];
  }
