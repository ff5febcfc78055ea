package dev.postfeed.page;

import dev.postfeed.Programs;
import java.nio.file.Path;
import java.util.Optional;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** One browser for all tests of a run, without a window; it asks nobody for anything but the pages it is told to open. */
final class Chromium {

    static final String MISSING = "needs Chromium and its driver: apt-get install chromium chromium-driver";

    private static final Optional<Path> BROWSER = Programs.find("chromium", "chromium-browser", "google-chrome");
    private static final Optional<Path> DRIVER = Programs.find("chromedriver");

    private static ChromeDriver running;

    private Chromium() {}

    static boolean isInstalled() {
        return BROWSER.isPresent() && DRIVER.isPresent();
    }

    /** @throws AssertionError where there is no browser */
    static synchronized ChromeDriver driver() {
        if (!isInstalled()) {
            throw new AssertionError(MISSING);
        }
        if (running == null) {
            // Both are named, so that Selenium looks for none, and downloads none.
            running = new ChromeDriver(
                    new ChromeDriverService.Builder()
                            .usingDriverExecutable(DRIVER.orElseThrow().toFile())
                            .usingAnyFreePort()
                            .build(),
                    options());
            Runtime.getRuntime().addShutdownHook(new Thread(running::quit));
        }
        return running;
    }

    private static ChromeOptions options() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // Chromium's own needs another user than root, which CI runs as.
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--force-color-profile=srgb");
        return options;
    }
}
