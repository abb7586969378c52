# codchi exec NAME hello
{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.hello ];
}
