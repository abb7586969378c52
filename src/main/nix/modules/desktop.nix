# Menu entries for the host: every visible .desktop file of the system with its icon, as plain files,
# because the host cannot follow links into the machine.
{ config, lib, pkgs, ... }:
let
  cfg = config.codchi;
  ico = cfg.driver.name == "wsl";
  collected = pkgs.runCommand "codchi-desktop" { nativeBuildInputs = lib.optional ico pkgs.imagemagick; } ''
    mkdir -p $out/applications $out/icons
    share=${config.system.path}/share

    # The value of a key of the first group.
    value() {
      sed -n -e '/^\[Desktop Entry\]/,/^\[[^D]/ s/^'"$1"'[ ]*=[ ]*//p' "$2" | head -n 1
    }
    # The best file of an icon: a vector one, or else the largest.
    icon() {
      case $1 in
        /*) if [ -f "$1" ]; then echo "$1"; fi; return ;;
      esac
      local file size
      for file in "$share"/icons/hicolor/scalable/apps/"$1".svg "$share"/icons/*/scalable/apps/"$1".svg; do
        if [ -f "$file" ]; then echo "$file"; return; fi
      done
      for size in 512 256 192 128 96 72 64 48 36 32 24 22 16; do
        for file in "$share"/icons/hicolor/"$size"x"$size"/apps/"$1".png "$share"/icons/*/"$size"x"$size"/apps/"$1".png; do
          if [ -f "$file" ]; then echo "$file"; return; fi
        done
      done
      for file in "$share"/pixmaps/"$1" "$share"/pixmaps/"$1".svg "$share"/pixmaps/"$1".png "$share"/pixmaps/"$1".xpm; do
        if [ -f "$file" ]; then echo "$file"; return; fi
      done
    }

    for entry in "$share"/applications/*.desktop; do
      [ -f "$entry" ] || continue
      [ "$(value Type "$entry")" = Application ] || continue
      [ "$(value NoDisplay "$entry")" != true ] && [ "$(value Hidden "$entry")" != true ] || continue
      name=$(basename "$entry" .desktop)
      cp -L "$entry" "$out/applications/$name.desktop"
      found=$(icon "$(value Icon "$entry")")
      if [ -n "$found" ]; then
        cp -L "$found" "$out/icons/$name.''${found##*.}"
        ${lib.optionalString ico ''
          magick -background none "$found" -define icon:auto-resize=16,24,32,48,64,128,256 "$out/icons/$name.ico"
        ''}
      fi
    done
    chmod -R u+w $out
  '';
in
{
  config = lib.mkIf cfg.driver.managed { codchi.files.desktop = collected; };
}
