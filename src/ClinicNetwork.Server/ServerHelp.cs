namespace ClinicNetwork.Server;

/// <summary>What <c>--help</c> prints.</summary>
internal static class ServerHelp
{
    public const string Text = """
        ClinicNetwork server: one process on SQLite, or several on PostgreSQL.

        Usage: dotnet run -c Release --project src/ClinicNetwork.Server -- [migrate [--restored] | certs … | clients … | keys … | stream …] [options]

        migrate                      bring the PostgreSQL database to this version's schema, make keys where missing, end
        migrate --restored           the same after a restore, on SQLite too: the store gets a new incarnation, so
                                     that cursors and etags of what the backup had not are told apart, and what is in
                                     erased.list among the keys is erased or destroyed again; what the ledger knows to be
                                     released or withdrawn is so again
        certs issue|renew|list|revoke  client certificates of the authority in --keys (./data), as 'clinicnet certs' asks for them
        clients register|list|remove   machines that may ask for tokens, in the same folder, as 'clinicnet clients' asks for them
        keys add|rotate|list|erased  a new key-encryption key; new keys for all clinics under the newest one; what there is;
                                     takes what was erased and destroyed into erased.list, where servers may not write it
        stream HANDLE [--keys DIR]   the record that a log line calls by HANDLE; needs the keys alone

        Options (or environment ClinicNetwork__Folder=…, or appsettings.json {"ClinicNetwork":{"Folder":…}})
          --folder DIR               data folder, made with mode 0700 when missing     default: ./data
          --ledger DIR               the disclosure ledger: keep it apart from the
                                     database and its backups                          default: ledger among the keys
          --port N                   gRPC port, 0 takes a free one                     default: 5070
          --listen ADDR              IP address of gRPC                                default: 127.0.0.1
          --names A,B                DNS names and IP addresses at which clients reach it,
                                     for its certificate; localhost, this machine's name
                                     and --listen are in it anyway                     default: none
          --clock system|manual      where the store's time comes from; manual marks
                                     a new store as a test store for ever              default: system
          --clock-start TIME         where a new manual clock begins, ISO 8601         default: 2025-01-01T00:00:00Z
          --feed-days N              days that changes are kept in the sites' feeds    default: 90
          --postgres CONN            Npgsql connection string; without it SQLite in DIR
          --ClinicNetwork:Production true    for patients: no reflection, no manual clock  default: false
          --ClinicNetwork:CallSecondsMax N             longest unary call, s         default: 60
          --ClinicNetwork:StreamSecondsMax N           longest stream, s             default: 3600
          --ClinicNetwork:CallsPerSecondMax N          of one client, all gateways   default: 1000
          --ClinicNetwork:CallsBurstMax N              the same, at once after rest  default: 5000
          --ClinicNetwork:TokenUrls A,B    URLs of the token endpoint beside --names and port,
                                     behind a balancer                                 default: none
          ClinicNetwork:Issuers      OpenID Connect issuers of people's tokens, a list: docs/security/tokens.md
          --ClinicNetwork:SnapshotEveryVersions N      versions between snapshots      default: 64
          --ClinicNetwork:SnapshotWhenIdleVersions N   the same, when a patient rests  default: 16
          --help                     this text

        On PostgreSQL
          --role all|silo|gateway    all: silo and gRPC in one process; silo: grains
                                     only; gateway: gRPC only                          default: all
          --keys DIR                 master.key, release.key and authority.pem, the
                                     same for all processes of a network              default: the data folder
          --cluster ID               processes of one id find each other               default: clinicnetwork
          --advertise ADDR           IP address at which others reach this silo        default: 127.0.0.1
          --silo-port N              port between silos, 0 takes a free one            default: 0
          --orleans-port N           port of a silo for gateways, 0 takes a free one   default: 0
          --health-port N            HTTP/1 port of /healthz/started, /healthz/ready
                                     and /healthz/live; -1 is none                     default: -1
          --health-listen ADDR       IP address of the health port                     default: 127.0.0.1

        gRPC is served over TLS alone, to clients with a certificate of the network's authority. The first start (on PostgreSQL: migrate) makes
        the authority and an administrator's certificate, admin.pem, among the keys; clinicnet finds it in ./data, or by --identity.

        It prints its address when it is ready and writes it to DIR/endpoint. It stops cleanly on SIGTERM and Ctrl-C; SIGKILL loses nothing
        that was acknowledged. Exit codes: 0 stopped, 1 failed, 2 wrong settings, 3 the data folder was refused, or the database.
        """;
}
