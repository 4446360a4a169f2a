"""Runs that lost their process while everything else goes on."""
