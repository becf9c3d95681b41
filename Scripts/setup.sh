# What Scripts/run, Scripts/test and Scripts/bench share: checks the toolchain, installs missing system libraries and
# stands in the package's root. Sourced, not run.

caller_directory=$PWD
package_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$package_directory"

needed_swift=6.2
needed_packages=(libpcap-dev zlib1g-dev libzstd-dev liblz4-dev pkg-config)

fail() {
    echo "$1" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

check_swift() {
    command -v swift >/dev/null ||
        fail "Swift is missing: install a Swift $needed_swift or newer toolchain from https://www.swift.org/install and put it on the PATH."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
    [ "$(printf '%s\n' "$needed_swift" "${version:-0}" | sort -V | head -n 1)" = "$needed_swift" ] ||
        fail "Swift ${version:-of unknown version} is too old: install a Swift $needed_swift or newer toolchain from https://www.swift.org/install."
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

apt_install() {
    as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y "$@"
}

# Without dpkg there is no telling what is installed but by asking pkg-config.
have_libraries() {
    command -v pkg-config >/dev/null && pkg-config --exists libpcap zlib libzstd liblz4
}

install_libraries() {
    have_libraries && return
    local missing=() package
    for package in "${needed_packages[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    command -v apt-get >/dev/null ||
        fail "Libraries are missing and there is no apt to get them: install what your system calls ${missing[*]}."
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        fail "Libraries are missing: as root, run apt-get install ${missing[*]}."
    apt_install "${missing[@]}" >&2 ||
        fail "apt could not install the missing libraries: install ${missing[*]}."
}

check_swift
install_libraries
