import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Postfeed, its peers and the database alone, in alternating rounds on one PostgreSQL. */
final class Peers {

    private static final int CONNECTIONS = 32;
    private static final int ROWS_IN = 100_000;

    /** Of the rows of a stream, for those that would take minutes for all. */
    private static final Map<String, Integer> SHARE = Map.of("webflux", 5, "fastapi", 5);

    private static final Map<String, String> NAMES = Map.of(
            "postfeed", "Postfeed",
            "mvc", "Spring MVC, JdbcClient",
            "vertx", "Vert.x, pg-client",
            "webflux", "WebFlux, Spring Data",
            "fastapi", "FastAPI, SQLAlchemy");

    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Service database;
    private final Rounds rounds;

    private Peers(Rounds rounds, Service database) {
        this.rounds = rounds;
        this.database = database;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        Proc postgres = new Proc(options.pid("pid-postgres"));
        // What the database's own clients take is counted with this process, whose children they are.
        Service database = new Service(
                "PostgreSQL alone",
                options.uri("database"),
                new Proc(ProcessHandle.current().pid()));
        Peers peers = new Peers(new Rounds(postgres), database);
        for (String name : options.text("services").split(",")) {
            peers.services.put(
                    name,
                    new Service(NAMES.get(name), options.uri("node-" + name), new Proc(options.pid("pid-" + name))));
        }
        Path work = Path.of(options.text("work"));
        Wrk.Data data = new Wrk.Data(
                Path.of(options.text("scripts")),
                1,
                options.number("posts", 1_000_000),
                options.number("users", 10_000));
        int startMillis = options.number("start-millis", 0);
        int archivedStartMillis = options.number("archived-start-millis", 0);
        int rounds = options.number("rounds", 3);
        int seconds = options.number("seconds", 8);
        int warmUp = options.number("warm-up", 60);
        Path plot = Path.of(options.text("plot"));
        options.end();

        List<Service> those = List.copyOf(peers.services.values());
        int compared = Answers.compare(those, data.posts());
        System.out.printf("%d answers were compared before, as JSON values: the services' are equal.%n%n", compared);
        List<Workload> requests = peers.requests(data);
        Workload out = peers.out(data);
        RowsIn upload = RowsIn.of("NDJSON in / COPY FROM", ROWS_IN, data.users(), work);
        Workload in = new ByService(
                upload, Map.of(database, Copy.in(upload, database.uri().toString())));
        List<Service> takesMany = List.of(peers.services.get("postfeed"), database);

        for (Service service : those) {
            // No compiler is at work in Python.
            boolean interpreted = service == peers.services.get("fastapi");
            Rounds.warmUp(List.of(service), requests, interpreted ? Math.min(warmUp, requests.size()) : warmUp);
            if (!interpreted) {
                Rounds.warmUp(List.of(service), List.of(out), Math.min(1, warmUp));
            }
        }
        // Its caches.
        Rounds.warmUp(List.of(database), requests, Math.min(warmUp, requests.size()));
        Rounds.warmUp(takesMany, List.of(in), Math.min(1, warmUp));
        List<Service> all = new ArrayList<>(those);
        all.add(database);
        peers.rounds.run(all, requests, rounds, seconds);
        peers.rounds.run(all, List.of(out), rounds, seconds);
        peers.rounds.run(takesMany, List.of(in), rounds, seconds);

        List<Workload> columns = new ArrayList<>(requests);
        columns.add(out);
        columns.add(in);
        peers.print(all, columns);
        System.out.println();
        peers.budgets(requests, out, in, startMillis / 1e3, archivedStartMillis / 1e3);
        peers.plot(all, requests, plot);
    }

    private List<Workload> requests(Wrk.Data data) {
        List<Workload> requests = new ArrayList<>();
        for (Wrk wrk : Wrk.all(data, CONNECTIONS, "")) {
            Workload alone = new Pgbench(
                    wrk.name(),
                    data.scripts().resolve(wrk.kind() + ".sql"),
                    database.uri().toString(),
                    data.posts(),
                    data.users());
            requests.add(new ByService(wrk, Map.of(database, alone)));
        }
        return requests;
    }

    private Workload out(Wrk.Data data) {
        String name = "NDJSON out / COPY TO";
        Map<Service, Workload> some = new HashMap<>();
        some.put(database, Copy.out(name, database.uri().toString()));
        SHARE.forEach((service, share) -> {
            if (services.containsKey(service)) {
                some.put(services.get(service), new RowsOut(name, data.posts() / share));
            }
        });
        return new ByService(new RowsOut(name, data.posts()), some);
    }

    private void print(List<Service> all, List<Workload> columns) throws IOException {
        List<Object> header =
                new ArrayList<>(List.of("each per second · CPU µs of the service + of PostgreSQL · p99 ms"));
        List<Object> line = new ArrayList<>(List.of("---"));
        columns.forEach(workload -> {
            header.add(workload.name());
            line.add("--:");
        });
        header.add("RSS after, MB");
        line.add("--:");
        System.out.println(Options.row(header.toArray()));
        System.out.println(Options.row(line.toArray()));
        for (Service service : all) {
            List<Object> row = new ArrayList<>(List.of(service.name()));
            columns.forEach(workload -> row.add(Measurement.cell(rounds.of(service, workload))));
            row.add(
                    service == database
                            ? "–"
                            : String.format("%.0f", service.process().familyPss() / 1e6));
            System.out.println(Options.row(row.toArray()));
        }
    }

    private void budgets(
            List<Workload> requests, Workload out, Workload in, double startSeconds, double archivedStartSeconds) {
        Budgets budgets = new Budgets();
        Workload byId = requests.get(0);
        Workload insert = requests.get(1);
        budgets.atLeast("by id / pgbench", ratio(byId, database), 0.4, 0.6);
        budgets.atLeast("insert / pgbench", ratio(insert, database), 0.55, 1.0);
        Service vertx = services.get("vertx");
        if (vertx != null) {
            budgets.atLeast("by id / Vert.x", ratio(byId, vertx), 0, 1.0);
            budgets.atLeast("insert / Vert.x", ratio(insert, vertx), 0, 1.0);
            lists(requests, list -> budgets.atLeast(list.name() + " / Vert.x", ratio(list, vertx), 0.5, 1.0));
        }
        Service mvc = services.get("mvc");
        if (mvc != null) {
            budgets.atLeast("by id / Spring MVC", ratio(byId, mvc), 1.7, 2.5);
            budgets.atLeast("insert / Spring MVC", ratio(insert, mvc), 1.5, 2.0);
            lists(requests, list -> budgets.atLeast(list.name() + " / Spring MVC", ratio(list, mvc), 1.0, 1.7));
        }
        Service fastapi = services.get("fastapi");
        if (fastapi != null) {
            requests.forEach(
                    each -> budgets.atLeast(each.name() + " / FastAPI, SQLAlchemy", ratio(each, fastapi), 12, 25));
        }
        budgets.atLeast("NDJSON out / COPY TO", ratio(out, database), 0.35, 0.6);
        budgets.atLeast("NDJSON in / COPY FROM", ratio(in, database), 1.0, 1.5);
        budgets.atMost("start on a running database", " s", startSeconds, 4.0, 1.5);
        budgets.atMost("the same with an archive of classes", " s", archivedStartSeconds, 4.0, 1.5);
        budgets.print();
    }

    private static void lists(List<Workload> requests, Consumer<Workload> each) {
        requests.subList(2, requests.size()).forEach(each);
    }

    private double ratio(Workload workload, Service against) {
        return Samples.median(rounds.ratios(services.get("postfeed"), against, workload));
    }

    private void plot(List<Service> all, List<Workload> requests, Path file) throws IOException {
        Plot plot = new Plot("Postfeed and its peers on one PostgreSQL", NAMES.get("postfeed"));
        for (Workload workload : requests) {
            plot.block(
                    workload.name(),
                    all.stream()
                            .map(service -> {
                                List<Measurement> measured = rounds.of(service, workload);
                                return new Plot.Bar(
                                        service.name(),
                                        Measurement.median(measured, Measurement::perSecond),
                                        Measurement.median(measured, Measurement::serviceMicros),
                                        Measurement.median(measured, Measurement::postgresMicros));
                            })
                            .toList());
        }
        plot.write(file);
    }
}
