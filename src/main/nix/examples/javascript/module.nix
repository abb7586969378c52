{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.nodejs_24 pkgs.pnpm pkgs.typescript-language-server ];

  # `npm install --global` needs a directory of the user's own.
  environment.sessionVariables.NPM_CONFIG_PREFIX = "$HOME/.npm-global";
  environment.extraInit = ''export PATH="$HOME/.npm-global/bin:$PATH"'';
}
