# Collects menu entries and their icons as plain files, for a host that cannot follow links into the machine.
#   desktop-files.sh SHARE OUT [ICO]    SHARE: the system's share directory; OUT: gets applications/ and icons/; ICO: also makes icons for Windows, with
#                                       ImageMagick's `magick`
set -eu
share=$1 out=$2 ico=${3-}
mkdir -p "$out/applications" "$out/icons"

# The value of a key of the first group.
value() {
  sed -n -e '/^\[Desktop Entry\]/,/^\[/ s/^'"$1"'[ ]*=[ ]*//p' "$2" | head -n 1
}

# The best file of an icon: a vector one, or else the largest.
icon() {
  case $1 in
    "") return ;;
    /*)
      if [ -f "$1" ]; then echo "$1"; fi
      return
      ;;
  esac
  for file in "$share"/icons/hicolor/scalable/apps/"$1".svg "$share"/icons/*/scalable/apps/"$1".svg; do
    if [ -f "$file" ]; then echo "$file" && return; fi
  done
  for size in 512 256 192 128 96 72 64 48 36 32 24 22 16; do
    for file in "$share"/icons/hicolor/"$size"x"$size"/apps/"$1".png "$share"/icons/*/"$size"x"$size"/apps/"$1".png; do
      if [ -f "$file" ]; then echo "$file" && return; fi
    done
  done
  for file in "$share"/pixmaps/"$1" "$share"/pixmaps/"$1".svg "$share"/pixmaps/"$1".png "$share"/pixmaps/"$1".xpm; do
    if [ -f "$file" ]; then echo "$file" && return; fi
  done
}

# All sizes that Windows asks for, in the shape that the icon has. One that cannot be read is left out: no machine fails for its icons.
convert_icon() {
  magick -background none -density 384 "$1" -resize 256x256 -gravity center -extent 256x256 \
    -define icon:auto-resize=16,24,32,48,64,128,256 "$2" || {
    echo "codchi: $1 cannot be made an icon for Windows" >&2
    rm -f "$2"
  }
}

for entry in "$share"/applications/*.desktop; do
  [ -f "$entry" ] || continue
  [ "$(value Type "$entry")" = Application ] || continue
  [ "$(value NoDisplay "$entry")" != true ] && [ "$(value Hidden "$entry")" != true ] || continue
  name=$(basename "$entry" .desktop)
  cp -L "$entry" "$out/applications/$name.desktop"
  found=$(icon "$(value Icon "$entry")")
  if [ -n "$found" ]; then
    cp -L "$found" "$out/icons/$name.${found##*.}"
    if [ -n "$ico" ]; then convert_icon "$found" "$out/icons/$name.ico"; fi
  fi
done
chmod -R u+w "$out"
