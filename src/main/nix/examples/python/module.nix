{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.python3 pkgs.uv pkgs.ruff ];

  # Wheels from PyPI expect common libraries in common places.
  programs.nix-ld.enable = true;
  environment.sessionVariables.UV_PYTHON_DOWNLOADS = "never";
}
