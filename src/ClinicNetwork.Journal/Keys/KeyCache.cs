using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// Unwrapped keys of committed streams, in two generations: when the young one is full it becomes the old one, so that at most twice the
/// bound is held and a key in use is never dropped for long. Only keys read from committed data enter: a cached key is never wrong. A key that was
/// destroyed is forgotten for good, whoever is just reading it; erasures are rare, so their names are all kept.
/// </summary>
internal sealed class KeyCache(int generationMax)
{
    private readonly Lock _gate = new();
    private Dictionary<string, StreamKey> _young = [];
    private Dictionary<string, StreamKey> _old = [];
    private readonly ConcurrentDictionary<string, KeyLoss> _lost = new(StringComparer.Ordinal);

    public KeyLoss? LossOf(string name) => _lost.TryGetValue(name, out var loss) ? loss : null;

    public void Lose(string name, KeyLoss loss)
    {
        lock (_gate)
        {
            _lost[name] = loss;
            _young.Remove(name);
            _old.Remove(name);
        }
    }

    public bool TryGet(string stream, [NotNullWhen(true)] out StreamKey? key)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(stream, out key))
            {
                return true;
            }

            if (_old.TryGetValue(stream, out key))
            {
                AddYoung(key);
                return true;
            }

            return false;
        }
    }

    public void Add(StreamKey key)
    {
        lock (_gate)
        {
            AddYoung(key);
        }
    }

    private void AddYoung(StreamKey key)
    {
        if (_lost.ContainsKey(key.Stream))
        {
            return;
        }

        if (_young.Count >= generationMax)
        {
            (_old, _young) = (_young, []);
        }

        _young[key.Stream] = key;
    }
}
