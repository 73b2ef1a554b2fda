#!/usr/bin/env bash
# Plays every order of the steps of message.pml with spin (Debian: spin, gcc); then once more with a fault in each of its
# rules, which must be found: a model that cannot fail says nothing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# finds <file>: whether an assertion fails in some order, or somebody waits for ever.
finds() {
  local said
  said=$(cd "$work" && spin -run -safety -m100000 "$1" 2>&1)
  grep -q 'errors: [0-9]' <<<"$said" || { printf '%s\n' "$said"; exit 2; }
  ! grep -q 'errors: 0' <<<"$said"
}

passed=0
failed=0
expect() { # <whether a fault must be found> <sentence> <sed expression>
  sed -e "$3" message.pml >"$work/model.pml"
  [[ $1 == sound ]] || ! cmp -s message.pml "$work/model.pml" || { echo "nothing to break: $2"; exit 2; }
  local found=sound
  finds model.pml && found=faulty
  if [[ $found == "$1" ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  printf '%s: %s\n' "$found" "$2"
}

expect sound 'two workers, two messages under one key, every order' ''
expect faulty 'a completion that does not compare its receipt' '/complete:/,/accepted\|holder = NONE/ s/ && delivery\[m\] == receipt//'
expect faulty 'an extension that does not compare its receipt' '/extend:/,/expired/ s/state\[m\] == inflight && delivery\[m\] == receipt/true/'
expect faulty 'a completion whose mark is left to a second step' 's/completions++; key = done/completions++; key = free/'
expect faulty 'a redrive that does not claim the key' '/^active proctype operator/,/^}/ s/key == free/true/'
expect faulty 'a send that does not look at the key' '/proctype sender/,/^}/ s/key == free/true/'
expect faulty 'a deadline that nobody sees' 's/|| (state\[i\] == inflight \&\& expired\[i\])//'

printf '\n%s passed, %s failed\n' "$passed" "$failed"
((failed == 0))
