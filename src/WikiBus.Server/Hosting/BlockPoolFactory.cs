using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace WikiBus.Server.Hosting;

/// <summary>Gives the server one <see cref="BlockPool"/>, whatever asks for one.</summary>
internal sealed class BlockPoolFactory : IMemoryPoolFactory<byte>
{
    private readonly BlockPool _pool = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => _pool;
}
