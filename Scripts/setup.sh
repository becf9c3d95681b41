# What Scripts/run, Scripts/test and Scripts/bench share: checks the toolchain, installs missing system libraries and
# stands in the package's root. Sourced, not run.

caller_directory=$PWD
package_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$package_directory"

needed_swift=6.2
needed_packages=(libpcap-dev zlib1g-dev libzstd-dev liblz4-dev libbrotli-dev libpcre2-dev pkg-config)

fail() {
    echo "$1" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

check_swift() {
    command -v swift >/dev/null ||
        fail "Swift is missing: install version $needed_swift or newer from https://www.swift.org/install."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
    [ "$(printf '%s\n' "$needed_swift" "${version:-0}" | sort -V | head -n 1)" = "$needed_swift" ] ||
        fail "Swift ${version:-of unknown version} is too old: install $needed_swift or newer from https://www.swift.org/install."
}

apt_install() {
    as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y "$@"
}

have_libraries() {
    command -v pkg-config >/dev/null && pkg-config --exists libpcap zlib libzstd liblz4 libbrotlidec libbrotlienc libpcre2-8
}

# apt leaves alone what is installed already.
install_libraries() {
    have_libraries && return
    local names="${needed_packages[*]}"
    command -v apt-get >/dev/null ||
        fail "Libraries are missing and there is no apt to get them: install what your system calls $names."
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        fail "Libraries are missing: as root, run apt-get install $names."
    apt_install "${needed_packages[@]}" >&2 ||
        fail "apt could not install the missing libraries: install $names."
}

check_swift
install_libraries
