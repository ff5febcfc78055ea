package dev.postfeed.page;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.OutputType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.test.context.TestPropertySource;

/**
 * The picture in the README is the page as it is. Fonts, times and the chart differ from run to run: what is compared is
 * what is left of two pictures when they are made small. {@code -Dpostfeed.page.screenshot=write} takes it anew.
 */
@TestPropertySource(properties = "spring.application.name=page-screenshot") // For ids of their own.
class ScreenshotIntegrationTests extends PageFixture {

    private static final Logger log = LoggerFactory.getLogger(ScreenshotIntegrationTests.class);

    private static final Path IN_README = Path.of("src/docs/page.png");
    private static final Path TAKEN = Path.of("target/page.png");
    private static final long MOST_BYTES = 200_000;

    private static final int WIDTH = 48;
    private static final int HEIGHT = 32;

    /** Of 255, the mean over all points: another font is 1 or 2, a card that is elsewhere 10. */
    private static final double MOST_DIFFERENCE = 5;

    /** A cell is the mean of so many points each way, so that a word that is elsewhere in another font is not much. */
    private static final int CELL = 4;

    /** Of 255, of any cell: a part that is dark instead of light is 200, though it be little of the whole. */
    private static final double MOST_DIFFERENCE_OF_A_CELL = 50;

    @Test
    void theReadmeShowsThePage() throws Exception {
        long ada = named("Ada");
        long linus = named("Linus");
        page.size(1200, 780);
        page.driver.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        open();
        List<String> titles = List.of(
                "A long import has begun",
                "The positions of a feed are small",
                "مرحبا بالعالم",
                "Nothing is lost when the network is",
                "<b>Text</b> is text",
                "What is acknowledged is here");
        int posts = 0;
        for (int second = 0; second < 6; second++) {
            for (int i = 0; i < 2 + second * 5 % 7; i++) {
                write(titles.get(posts++ % titles.size()), posts % 3 == 0 ? linus : ada);
            }
            Thread.sleep(1000);
        }
        sql.run(
                "insert into posts (title, content) values ('Written by psql', 'Any program on the same database will do.')");
        page.awaitTitle("Written by psql");
        page.await(
                "authors are named",
                () -> page.find("#posts li:nth-child(2) .meta").getText().contains(" (user "));
        Thread.sleep(1100); // The chart's next second.

        byte[] picture = page.driver.getScreenshotAs(OutputType.BYTES);
        Files.createDirectories(TAKEN.getParent());
        Files.write(TAKEN, picture);
        if ("write".equals(System.getProperty("postfeed.page.screenshot"))) {
            Files.createDirectories(IN_README.getParent());
            Files.copy(TAKEN, IN_README, StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(Files.size(IN_README)).isLessThan(MOST_BYTES);
        assertThat(Files.readString(Path.of("README.md"))).contains("](" + IN_README + ")");
        DoubleSummaryStatistics cells = differences(read(Files.readAllBytes(IN_README)), read(picture));
        log.info("{} differs from the page: {}", IN_README, cells);
        String otherwise = "%s is not the page any more, which is %s: see this test".formatted(IN_README, TAKEN);
        assertThat(cells.getAverage()).as(otherwise).isLessThan(MOST_DIFFERENCE);
        assertThat(cells.getMax()).as(otherwise).isLessThan(MOST_DIFFERENCE_OF_A_CELL);
    }

    private long named(String name) {
        return api.post("/users", json("name", name, "email", newEmail()))
                .expect(201)
                .id();
    }

    private void write(String title, long user) {
        api.post("/posts", json("title", title, "content", "Committed a moment ago.", "user_id", user))
                .expect(201);
    }

    private static BufferedImage read(byte[] png) throws IOException {
        BufferedImage whole = ImageIO.read(new ByteArrayInputStream(png));
        BufferedImage small = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = small.createGraphics();
        graphics.drawImage(whole.getScaledInstance(WIDTH, HEIGHT, Image.SCALE_AREA_AVERAGING), 0, 0, null);
        graphics.dispose();
        return small;
    }

    /** Of the cells of two pictures, each the mean of its points. */
    private static DoubleSummaryStatistics differences(BufferedImage a, BufferedImage b) {
        DoubleSummaryStatistics cells = new DoubleSummaryStatistics();
        for (int left = 0; left < WIDTH; left += CELL) {
            for (int top = 0; top < HEIGHT; top += CELL) {
                cells.accept(difference(a, b, left, top));
            }
        }
        return cells;
    }

    private static double difference(BufferedImage a, BufferedImage b, int left, int top) {
        double sum = 0;
        for (int x = left; x < left + CELL; x++) {
            for (int y = top; y < top + CELL; y++) {
                sum += Math.abs(a.getRaster().getSample(x, y, 0) - b.getRaster().getSample(x, y, 0));
            }
        }
        return sum / (CELL * CELL);
    }
}
