{ pkgs, ... }:
{
  environment.systemPackages = with pkgs; [ go gopls delve gcc ];

  environment.extraInit = ''export PATH="$HOME/go/bin:$PATH"'';
}
