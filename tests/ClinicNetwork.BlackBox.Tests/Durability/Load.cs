using System.Collections.Concurrent;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Net.Client;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>
/// Many writers on many patients, several of them on the same patient at once, each request sent one to three times at once. Everything
/// sent is remembered.
/// </summary>
internal sealed class Load(int seed, IReadOnlyList<string> patients)
{
    public const int Writers = 40;

    private readonly ConcurrentQueue<Operation> _operations = new();
    private int _made;
    private int _acknowledged;

    public IReadOnlyCollection<Operation> Operations => _operations;

    public int Acknowledged => _acknowledged;

    /// <summary>Writes until stopped, or until the server is gone.</summary>
    /// <param name="reached">Completes when so many more commands were acknowledged.</param>
    public async Task RunAsync(GrpcChannel channel, int acknowledgements, TaskCompletionSource reached, CancellationToken stop)
    {
        var goal = _acknowledged + acknowledgements;
        var network = new Network(channel);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))));

        async Task WriteAsync(int writer)
        {
            var random = new Random(HashCode.Combine(seed, goal, writer));
            while (!stop.IsCancellationRequested)
            {
                var operation = await MakeAsync(network, random);
                if (operation is null)
                {
                    return;
                }

                _operations.Enqueue(operation);
                var told = await Task.WhenAll(Enumerable.Range(0, random.Next(1, 4)).Select(_ => operation.AttemptAsync(network)));
                if (told.Contains(true) && Interlocked.Increment(ref _acknowledged) >= goal)
                {
                    reached.TrySetResult();
                }

                if (operation.Unknown)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Null when the server is gone (only a plan's revision reads before it writes).</summary>
    private async Task<Operation?> MakeAsync(Network network, Random random)
    {
        var patient = patients[random.Next(patients.Count)];
        var number = Interlocked.Increment(ref _made);
        switch (random.Next(8))
        {
            case 0:
                var etag = "";
                try
                {
                    etag = await network.EtagAsync(patient);
                }
                catch (Grpc.Core.RpcException)
                {
                    return null;
                }

                var revision = Valid.Revision(patient, etag);
                revision.InductionSessions = random.Next(1, 13);
                return new(revision.RequestId, patient, "RevisePlan", true, async n => await n.Patients.RevisePlanAsync(revision) is var a ? (a.Receipt.Version, a) : default);
            case 1:
                var consultation = Valid.Consultation(patient);
                return new(consultation.RequestId, patient, "RecordConsultation", false, async n => await n.Patients.RecordConsultationAsync(consultation) is var a ? (a.Receipt.Version, a) : default);
            case 2:
                var sharing = Valid.Sharing(patient, SiteAccess.Read, random.Next(2) == 0 ? [] : [Network.Hill]);
                return new(sharing.RequestId, patient, "SetSharing", false, async n => await n.Patients.SetSharingAsync(sharing) is var a ? (a.Receipt.Version, a) : default);
            case 3:
                var missed = Valid.MissedVisit(patient);
                return new(missed.RequestId, patient, "RecordMissedVisit", false, async n => await n.Patients.RecordMissedVisitAsync(missed) is var a ? (a.Receipt.Version, a) : default);
            case 4:
                var consent = Valid.Consent(patient, random.Next(2) == 0 ? [] : [RecipientClass.ResearchRegistry]);
                return new(consent.RequestId, patient, "SetResearchConsent", false, async n => await n.Patients.SetResearchConsentAsync(consent) is var a ? (a.Receipt.Version, a) : default);
            default:
                var assessment = Valid.Assessment(patient, $"a-{number}", total: random.Next(0, 28));
                return new(assessment.RequestId, patient, "RecordAssessment", false, async n => await n.Patients.RecordAssessmentAsync(assessment) is var a ? (a.Receipt.Version, a) : default);
        }
    }
}
