"""The pages in a real browser: Debian's Chromium, driven by Playwright.

Skipped where one of them is not there; .ci/browser installs them.
"""
