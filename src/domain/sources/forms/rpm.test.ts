import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldBinaries } from './rpm.ts';

const folded = (names: readonly string[], text = '', fixed = '1.0-1.el9') =>
  foldBinaries(
    names.map((name) => ({ ecosystem: 'alma', name, release: 'el9', status: 'fixed', fixed })),
    text,
  ).map(({ name }) => name);

test('binary packages become what the title names, what others begin with, or the beginning that all share', () => {
  assert.deepEqual(folded(['libtiff', 'libtiff-devel', 'tiff-extra'], 'Moderate: libtiff security update'), [
    'libtiff',
  ]);
  assert.deepEqual(folded(['samba', 'samba-client', 'samba-libs']), ['samba']);
  assert.deepEqual(folded(['fence-agents-apc', 'fence-agents-ibm-vpc', 'fence-agents-lpar']), [
    'fence-agents',
  ]);
  assert.deepEqual(folded(['krb5-libs', 'krb5-pkinit', 'krb5-workstation']), ['krb5']);
  assert.deepEqual(folded(['libnvidia-container1', 'libnvidia-container-tools']), ['libnvidia-container']);
  assert.deepEqual(folded(['kernel-livepatch-5.15', 'kernel-livepatch-5.15']), [
    'kernel-livepatch-5.15',
    'kernel-livepatch-5.15',
  ]);
  assert.deepEqual(folded(['grub2-common', 'grub2-efi-x64', 'grub2-efi-x64-cdboot']), ['grub2']);
});

test('what shares no name of its own stays apart', () => {
  assert.deepEqual(folded(['python3-libs', 'python3-tkinter']), ['python3-libs', 'python3-tkinter']);
  assert.deepEqual(folded(['gnome-shell', 'gnome-terminal']), ['gnome-shell', 'gnome-terminal']);
  assert.deepEqual(folded(['buildah', 'podman']), ['buildah', 'podman']);
  assert.deepEqual(folded(['a-b', 'a-c']), ['a-b', 'a-c'], 'a letter is no name');
  assert.deepEqual(folded(['iwl3160-firmware', 'iwl7260-firmware']), [
    'iwl3160-firmware',
    'iwl7260-firmware',
  ]);
  assert.deepEqual(folded(['one-x']), ['one-x']);
});
