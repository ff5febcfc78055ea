package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.jsonPath;

import io.gatling.javaapi.core.ScenarioBuilder;
import java.util.List;

/** The life of users and posts: created, read, read unchanged, changed, changed by two, listed, deleted. */
public class CrudSimulation extends LoadSimulation {

    /** Lives of 25 requests. */
    private static final double PEAK_PER_SECOND = 20;

    public CrudSimulation() {
        ScenarioBuilder lives = people(
                "lives of users and posts",
                People.register(),
                Resource.USER.read(),
                Resource.USER.readUnchanged(),
                Resource.USER.change("{\"name\":\"Grace\"}", jsonPath("$.name").is("Grace")),
                Resource.USER.changeStale("{\"name\":\"Nobody\"}"),
                Resource.USER.read(),
                People.writeAndList(),
                People.newest(),
                Resource.POST.create(
                        "{\"title\":\"A draft\",\"content\":\"of #{name}\",\"user_id\":#{userId}}",
                        jsonPath("$.title").is("A draft")),
                Resource.POST.read(),
                Resource.POST.readUnchanged(),
                Resource.POST.change(
                        "{\"content\":null}",
                        jsonPath("$.title").is("A draft"),
                        jsonPath("$.content").isNull()),
                Resource.POST.changeStale("{\"title\":\"Lost\"}"),
                Resource.POST.read(),
                Resource.POST.delete(),
                Resource.POST.readDeleted(),
                Resource.USER.delete(),
                Resource.USER.readDeleted());
        run(List.of(lives.injectOpen(stairs(PEAK_PER_SECOND))));
    }
}
