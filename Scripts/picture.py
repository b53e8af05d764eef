"""Takes a picture of a page with headless Chromium, sending a bearer token with every request.

usage: picture.py URL FILE [--token-file FILE] [--dark] [--width N] [--wait SECONDS]
"""

import argparse
import base64
import os
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file")
    parser.add_argument("--token-file", help="its token is sent with every request")
    parser.add_argument("--dark", action="store_true", help="ask for the dark colours")
    parser.add_argument("--width", type=int, default=1240)
    parser.add_argument("--wait", type=float, default=20, help="seconds for the live line to grow")
    arguments = parser.parse_args()

    options = Options()
    options.add_argument("--headless=new")
    options.add_argument("--disable-dev-shm-usage")
    options.add_argument("--hide-scrollbars")
    options.add_argument(f"--window-size={arguments.width},900")
    if os.geteuid() == 0:
        # Chromium's sandbox does not run as root.
        options.add_argument("--no-sandbox")
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        driver.execute_cdp_cmd("Network.enable", {})
        if arguments.token_file:
            with open(arguments.token_file) as file:
                headers = {"Authorization": f"Bearer {file.read().strip()}"}
            driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": headers})
        if arguments.dark:
            feature = {"name": "prefers-color-scheme", "value": "dark"}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        driver.get(arguments.url)
        if "Seattle weather" not in driver.title:
            print(f"picture: {arguments.url} did not show the dashboard", file=sys.stderr)
            return 1
        time.sleep(arguments.wait)
        height = driver.execute_script("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": arguments.width, "height": height, "scale": 1}
        shot = driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
        )
    finally:
        driver.quit()
    with open(arguments.file, "wb") as file:
        file.write(base64.b64decode(shot["data"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
